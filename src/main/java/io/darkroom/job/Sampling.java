package io.darkroom.job;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.Steps;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Scheduler, steps and guidance of a request.
 *
 * @param steps number or list of steps; empty = the package's default
 * @param scheduler overrides of the package's scheduler configuration, as JSON values
 * @param guidanceScale classifier-free guidance; 1 or less switches it off
 * @param guidanceRescale 0 to 1
 * @param arguments values of the {@link #ARGUMENTS} that the request has, as JSON values; infinity
 *     is the text {@code Infinity}
 * @param noiseSchedule noise levels that replace the training schedule; empty map = the training
 *     schedule
 * @param denoisingEnd fraction of the schedule, above 0 and below 1, after which denoising stops
 * @param guidanceInterval the evaluations that are guided; empty = all
 * @param cache caching of the deep part of the network; empty = none
 */
public record Sampling(
    Optional<Steps> steps,
    Map<String, Object> scheduler,
    OptionalDouble guidanceScale,
    OptionalDouble guidanceRescale,
    Map<String, Object> arguments,
    Map<String, Object> noiseSchedule,
    OptionalDouble denoisingEnd,
    Optional<Guidance.Interval> guidanceInterval,
    Optional<FeatureCache> cache) {

  /** Arguments of a call in diffusers' pipelines and schedulers, by their names. */
  public static final List<String> ARGUMENTS =
      List.of(
          "eta",
          "mu",
          "order",
          "jump_length",
          "jump_n_sample",
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

  /** Creates a sampling that runs the whole schedule with guidance in all evaluations. */
  public Sampling(
      Optional<Steps> steps,
      Map<String, Object> scheduler,
      OptionalDouble guidanceScale,
      OptionalDouble guidanceRescale,
      Map<String, Object> arguments,
      Map<String, Object> noiseSchedule) {
    this(
        steps,
        scheduler,
        guidanceScale,
        guidanceRescale,
        arguments,
        noiseSchedule,
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns a copy with another guidance scale. */
  public Sampling withGuidanceScale(double scale) {
    return new Sampling(
        steps,
        scheduler,
        OptionalDouble.of(scale),
        guidanceRescale,
        arguments,
        noiseSchedule,
        denoisingEnd,
        guidanceInterval,
        cache);
  }
}
