package io.darkroom.job;

import io.darkroom.diffusion.Steps;
import java.util.List;
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
 * @param arguments of {@link #ARGUMENTS} those that are given, as JSON has them; infinity is the
 *     text {@code Infinity}
 * @param noiseSchedule the levels to visit where they differ from the training schedule; empty map
 *     = the training schedule
 */
public record Sampling(
    Optional<Steps> steps,
    Map<String, Object> scheduler,
    OptionalDouble guidanceScale,
    OptionalDouble guidanceRescale,
    Map<String, Object> arguments,
    Map<String, Object> noiseSchedule) {

  /** What diffusers' pipelines and schedulers take as arguments of a call, by their names. */
  public static final List<String> ARGUMENTS =
      List.of(
          "eta",
          "mu",
          "order",
          "s_churn",
          "s_tmin",
          "s_tmax",
          "s_noise",
          "use_clipped_model_output");

  public Sampling {
    scheduler = Map.copyOf(scheduler);
    arguments = Map.copyOf(arguments);
    noiseSchedule = Map.copyOf(noiseSchedule);
  }

  /** The same with another guidance scale. */
  public Sampling withGuidanceScale(double scale) {
    return new Sampling(
        steps, scheduler, OptionalDouble.of(scale), guidanceRescale, arguments, noiseSchedule);
  }
}
