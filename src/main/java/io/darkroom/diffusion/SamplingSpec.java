package io.darkroom.diffusion;

import java.util.Map;
import java.util.Optional;

/**
 * Everything that determines a sampler.
 *
 * @param scheduler the package's scheduler and the request's overrides
 * @param steps the number of steps or a list of them
 * @param arguments further arguments of the call as the diffusers pipelines name them: {@code eta},
 *     {@code mu}, {@code s_churn}, {@code s_tmin}, {@code s_tmax}, {@code s_noise}, {@code
 *     jump_length}, ...; an argument that the scheduler does not have is a violation
 * @param strength fraction of the steps that are run, above 0, at most 1; 1 starts with pure noise,
 *     less skips the first steps (image-to-image)
 * @param noiseSchedule noise levels that replace those of the training
 * @param fractionalTimesteps whether the network's timestep input accepts fractions; affects only
 *     how levels of a noise schedule become timesteps
 * @param range the part of the schedule that is run; strength is 1 if the range has a start
 */
public record SamplingSpec(
    SchedulerConfig scheduler,
    Steps steps,
    Map<String, Object> arguments,
    double strength,
    Optional<NoiseSchedule> noiseSchedule,
    boolean fractionalTimesteps,
    DenoisingRange range) {

  public SamplingSpec {
    arguments = Map.copyOf(arguments);
  }

  /** Creates a spec that runs all steps of the schedule. */
  public SamplingSpec(
      SchedulerConfig scheduler,
      Steps steps,
      Map<String, Object> arguments,
      double strength,
      Optional<NoiseSchedule> noiseSchedule,
      boolean fractionalTimesteps) {
    this(
        scheduler,
        steps,
        arguments,
        strength,
        noiseSchedule,
        fractionalTimesteps,
        DenoisingRange.WHOLE);
  }

  /** Creates a spec with the noise levels of the training. */
  public SamplingSpec(
      SchedulerConfig scheduler, Steps steps, Map<String, Object> arguments, double strength) {
    this(scheduler, steps, arguments, strength, Optional.empty(), true);
  }

  /** Returns a copy with other steps and arguments. */
  public SamplingSpec withCall(Steps otherSteps, Map<String, Object> otherArguments) {
    return new SamplingSpec(
        scheduler, otherSteps, otherArguments, strength, noiseSchedule, fractionalTimesteps, range);
  }

  /** Returns a copy for another part of the schedule. */
  public SamplingSpec withRange(DenoisingRange other) {
    return new SamplingSpec(
        scheduler, steps, arguments, strength, noiseSchedule, fractionalTimesteps, other);
  }
}
