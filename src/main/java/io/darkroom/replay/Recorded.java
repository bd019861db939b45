package io.darkroom.replay;

import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;

/**
 * A request that was rendered before.
 *
 * @param source where it was read, e.g. {@code topic/partition/offset} or the manifest's address
 * @param request as it was published, or the effective request of the manifest
 * @param original the manifest of the first render
 */
public record Recorded(String source, RenderRequest request, Manifest original) {}
