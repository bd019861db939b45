package io.darkroom.app.cli;

import java.time.DateTimeException;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts durations of options, in the same forms as in the configuration. */
final class DurationOption implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String value) {
    try {
      return DurationText.parse(value);
    } catch (DateTimeException wrong) {
      throw new TypeConversionException("'" + value + "' is not a duration such as 14d or 36h");
    }
  }
}
