package io.darkroom.job;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Options of a request that do not affect its result.
 *
 * @param priority 0 to 9, higher first
 * @param deadline past it the render is dropped
 * @param previewEvery steps between previews
 * @param always whether to render although a manifest exists, and compare
 * @param metadata returned untouched, as JSON has it
 */
public record JobOptions(
    int priority,
    Optional<Instant> deadline,
    OptionalInt previewEvery,
    boolean always,
    Map<String, Object> metadata) {}
