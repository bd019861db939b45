package io.darkroom.job;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Destination and format of results.
 *
 * @param prefix {@code s3://bucket/prefix/}; empty = the worker's default
 * @param format name of the file format; empty = {@code png}
 * @param quality quality of lossy files, 1 to 100
 * @param bits bits of a sample, 8 or 16
 * @param keepIntermediate whether pictures of earlier stages are also stored
 */
public record Output(
    Optional<String> prefix,
    Optional<String> format,
    OptionalInt quality,
    OptionalInt bits,
    boolean keepIntermediate) {

  /** Returns a copy with these bits of a sample. */
  public Output withBits(int other) {
    return new Output(prefix, format, quality, OptionalInt.of(other), keepIntermediate);
  }
}
