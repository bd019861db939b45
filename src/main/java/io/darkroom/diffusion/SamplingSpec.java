package io.darkroom.diffusion;

import java.util.Map;
import java.util.Optional;

/**
 * Everything that a sampler is made from.
 *
 * @param scheduler the package's scheduler and the request's overrides
 * @param steps how many, or which
 * @param arguments further arguments of the call as the diffusers pipelines name them: {@code eta},
 *     {@code mu}, {@code s_churn}, {@code s_tmin}, {@code s_tmax}, {@code s_noise}, {@code
 *     jump_length}, ...; one that the chosen scheduler does not take is a violation
 * @param strength how much of the way is gone, above 0, at most 1; 1 begins with pure noise, less
 *     leaves out the first steps (image-to-image)
 * @param noiseSchedule the noise levels to visit where they are not those of the training
 * @param fractionalTimesteps whether the network's timestep input takes fractions; decides how a
 *     noise schedule's levels become timesteps, nothing else
 */
public record SamplingSpec(
    SchedulerConfig scheduler,
    Steps steps,
    Map<String, Object> arguments,
    double strength,
    Optional<NoiseSchedule> noiseSchedule,
    boolean fractionalTimesteps) {

  public SamplingSpec {
    arguments = Map.copyOf(arguments);
  }

  /** Along the training's own noise levels. */
  public SamplingSpec(
      SchedulerConfig scheduler, Steps steps, Map<String, Object> arguments, double strength) {
    this(scheduler, steps, arguments, strength, Optional.empty(), true);
  }

  /** The same with other steps and arguments. */
  public SamplingSpec calling(Steps otherSteps, Map<String, Object> otherArguments) {
    return new SamplingSpec(
        scheduler, otherSteps, otherArguments, strength, noiseSchedule, fractionalTimesteps);
  }
}
