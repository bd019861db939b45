package io.darkroom.job;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Options of a request that do not affect its result.
 *
 * @param priority 0 to 9, higher first
 * @param deadline time after which the request fails
 * @param previewEvery number of steps between previews
 * @param always whether to render even if a manifest exists, and to compare the results
 * @param metadata returned unchanged, values in the Java types of JSON
 */
public record JobOptions(
    int priority,
    Optional<Instant> deadline,
    OptionalInt previewEvery,
    boolean always,
    Map<String, Object> metadata) {}
