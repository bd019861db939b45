package io.darkroom.app.cli;

import java.time.DateTimeException;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a time of an option, an instant in ISO 8601. */
final class UtcTimeOption implements ITypeConverter<Instant> {
  @Override
  public Instant convert(String value) {
    try {
      return Instant.parse(value);
    } catch (DateTimeException wrong) {
      throw new TypeConversionException(
          "must be a time such as 2026-01-31T08:00:00Z, is '" + value + "'");
    }
  }
}
