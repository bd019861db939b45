package io.darkroom.app.cli;

import io.darkroom.render.ObjectUri;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a prefix in the store, {@code s3://bucket/prefix/}. The last slash may be left out. */
final class UriOption implements ITypeConverter<ObjectUri> {

  @Override
  public ObjectUri convert(String value) {
    try {
      return ObjectUri.parse(value.endsWith("/") ? value : value + "/");
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException("must be s3://bucket/prefix/, is " + value);
    }
  }
}
