package io.darkroom.replay;

import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;

/**
 * A request that was rendered before.
 *
 * @param source place from which it was read, e.g. {@code topic/partition/offset} or the address of
 *     the manifest
 * @param request the published request, or the effective request of the manifest
 * @param original the manifest of the first render
 */
public record Recorded(String source, RenderRequest request, Manifest original) {}
