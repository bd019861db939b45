package io.darkroom.job;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where results go.
 *
 * @param prefix {@code s3://bucket/prefix/}; empty = the worker's default
 * @param format name of the files' format; empty = {@code png}
 * @param quality of lossy formats, 1 to 100
 * @param keepIntermediate whether pictures of earlier stages are kept too
 */
public record Output(
    Optional<String> prefix,
    Optional<String> format,
    OptionalInt quality,
    boolean keepIntermediate) {}
