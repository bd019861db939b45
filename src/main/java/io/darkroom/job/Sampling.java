package io.darkroom.job;

import io.darkroom.diffusion.Steps;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Scheduler, steps and guidance of a request.
 *
 * @param steps empty = the package's default
 * @param scheduler overrides over the package's scheduler configuration, as JSON has them
 * @param guidanceScale classifier-free guidance; 1 or less switches it off
 * @param guidanceRescale 0 to 1
 * @param eta of DDIM and its kin, 0 to 1
 * @param noiseSchedule the levels to visit where they differ from the training schedule; empty map
 *     = the training schedule
 */
public record Sampling(
    Optional<Steps> steps,
    Map<String, Object> scheduler,
    OptionalDouble guidanceScale,
    OptionalDouble guidanceRescale,
    OptionalDouble eta,
    Map<String, Object> noiseSchedule) {

  public Sampling {
    scheduler = Map.copyOf(scheduler);
    noiseSchedule = Map.copyOf(noiseSchedule);
  }
}
