package io.darkroom.replay;

import io.darkroom.job.Manifest;
import java.util.Optional;

/**
 * A request that was rendered again.
 *
 * @param finding result of the comparison with the first render
 * @param again the manifest of the second render; empty if the request cannot be replayed
 */
public record Replayed(Finding finding, Optional<Manifest> again) {}
