package io.darkroom.app.cli;

import io.darkroom.app.models.ModelSource;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a folder of packages or a prefix of packages in the store. */
final class ModelSourceOption implements ITypeConverter<ModelSource> {

  @Override
  public ModelSource convert(String value) {
    try {
      return ModelSource.of(value);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(String.valueOf(wrong.getMessage()));
    }
  }
}
