package io.darkroom.app.cli;

import io.darkroom.kafka.OffsetRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts offsets of a partition, {@code PARTITION:FROM-TO}. */
final class OffsetsOption implements ITypeConverter<OffsetRange> {

  @Override
  public OffsetRange convert(String value) {
    try {
      return OffsetRange.parse(value);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(String.valueOf(wrong.getMessage()));
    }
  }
}
