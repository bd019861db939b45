package io.darkroom.job;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where results go.
 *
 * @param prefix {@code s3://bucket/prefix/}; empty = the worker's default
 * @param format of the files; empty = the package's default, PNG
 * @param quality of lossy formats, 1 to 100
 * @param keepIntermediate whether pictures of earlier stages are kept too
 */
public record Output(
    Optional<String> prefix,
    Optional<Format> format,
    OptionalInt quality,
    boolean keepIntermediate) {

  /** A file format, with its extension and media type. */
  public enum Format {
    PNG("image/png"),
    WEBP("image/webp"),
    JPEG("image/jpeg"),
    NPY("application/x-npy"),
    WAV("audio/wav");

    private final String mediaType;

    Format(String mediaType) {
      this.mediaType = mediaType;
    }

    /** As HTTP names it. */
    public String mediaType() {
      return mediaType;
    }

    /** The wire name, which is the file's extension too. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
