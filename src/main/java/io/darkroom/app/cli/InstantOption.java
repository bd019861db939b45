package io.darkroom.app.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a time of an option: an instant in ISO 8601, or a duration before now. */
final class InstantOption implements ITypeConverter<Instant> {
  @Override
  public Instant convert(String value) {
    try {
      return value.contains("T") && value.contains("-")
          ? Instant.parse(value)
          : Clock.systemUTC().instant().minus(DurationText.parse(value));
    } catch (DateTimeException wrong) {
      throw new TypeConversionException(
          "'" + value + "' is not a time such as 2026-01-31T10:00:00Z, or 2h for two hours ago");
    }
  }
}
