package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.Sampler;
import io.darkroom.diffusion.SamplerFamily;
import io.darkroom.diffusion.Samplers;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.job.Sampling;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The sampler of a request, and the request's sampling with its defaults.
 *
 * @param asked what the request says
 * @param steps effective
 * @param eta effective; empty where the sampler takes none
 * @param schedulerName the family's class name
 * @param bound the sampler; null where a violation was found
 */
record SamplingChoice(
    Sampling asked,
    Steps steps,
    OptionalDouble eta,
    String schedulerName,
    @Nullable Sampler bound) {
  private static final String CLASS_NAME = "_class_name";
  private static final int STEPS = 50;

  static SamplingChoice of(Sampling asked, ModelCard card, Limits limits, Violations violations) {
    Optional<NoiseSchedule> schedule = NoiseScheduleChoice.of(asked.noiseSchedule(), violations);
    Steps steps = asked.steps().orElseGet(() -> new Steps.Count(steps(card, schedule)));
    violations.check(
        steps.count() <= limits.maxSteps(),
        "/num_inference_steps",
        "must be 1 to " + limits.maxSteps() + " for this worker, is " + steps.count());
    SchedulerConfig config = new SchedulerConfig(card.scheduler(), asked.scheduler());
    Object name = asked.scheduler().getOrDefault(CLASS_NAME, card.scheduler().get(CLASS_NAME));
    Optional<SamplerFamily> family = Samplers.family(String.valueOf(name));
    OptionalDouble eta = eta(asked, card, family);
    Map<String, Object> arguments = new HashMap<>();
    eta.ifPresent(value -> arguments.put("eta", value));
    SamplingSpec spec =
        new SamplingSpec(
            config, steps, arguments, 1, schedule, card.network().fractionalTimesteps());
    String className = family.map(SamplerFamily::className).orElse(String.valueOf(name));
    @Nullable Sampler bound = bind(spec, violations);
    checkVariance(bound, card, violations);
    return new SamplingChoice(asked, steps, eta, className, bound);
  }

  /** Betas that a request lists are visited each, as DiffWave does. */
  private static int steps(ModelCard card, Optional<NoiseSchedule> schedule) {
    return schedule.isPresent() && schedule.get() instanceof NoiseSchedule.Betas listed
        ? listed.betas().size()
        : card.defaults().steps().orElse(STEPS);
  }

  private static @Nullable Sampler bind(SamplingSpec spec, Violations violations) {
    try {
      Sampler sampler = Samplers.bind(spec);
      violations.check(
          !sampler.readsKnown(),
          "/scheduler/" + CLASS_NAME,
          "needs image and mask_image, which this worker does not support");
      return sampler;
    } catch (InvalidSampling invalid) {
      invalid.problems().forEach(each -> violations.add(each.pointer(), each.message()));
      return null;
    }
  }

  private static void checkVariance(
      @Nullable Sampler bound, ModelCard card, Violations violations) {
    violations.check(
        bound == null || !bound.readsVariance() || card.network().givesVariance(),
        "/scheduler/variance_type",
        card.network().varianceRule());
  }

  /** The package's eta is meant for the samplers that take one, and for no other. */
  private static OptionalDouble eta(
      Sampling asked, ModelCard card, Optional<SamplerFamily> family) {
    boolean takes =
        family.stream()
            .flatMap(each -> each.arguments().stream())
            .anyMatch(option -> option.key().equals("eta"));
    if (asked.eta().isPresent() || !takes) {
      return asked.eta();
    }
    return card.defaults().eta();
  }

  Sampler sampler() {
    if (bound == null) {
      throw new IllegalStateException("sampler: asked for although violations were found");
    }
    return bound;
  }

  int evaluations() {
    return bound == null ? 1 : bound.evaluations();
  }

  int stepCount() {
    return steps.count();
  }

  /** The request's sampling with every default filled in. */
  Sampling effective(Guidance guidance) {
    Map<String, Object> scheduler = new HashMap<>(asked.scheduler());
    scheduler.putIfAbsent(CLASS_NAME, schedulerName);
    return new Sampling(
        Optional.of(steps),
        scheduler,
        OptionalDouble.of(guidance.scale()),
        OptionalDouble.of(guidance.rescale()),
        eta,
        asked.noiseSchedule());
  }
}
