package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.sampler.CallDefaults;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.SamplerFamily;
import io.darkroom.diffusion.sampler.Samplers;
import io.darkroom.job.Sampling;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.ModelCard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The sampler of a request, and the request's sampling with its defaults.
 *
 * @param asked the request's own
 * @param spec what the sampler is made from, every argument filled in
 * @param schedulerName the family's class name
 * @param bound the sampler; null where a violation was found
 */
record SamplingChoice(
    Sampling asked, SamplingSpec spec, String schedulerName, @Nullable Sampler bound) {
  private static final String CLASS_NAME = "_class_name";
  private static final String ETA = "eta";
  private static final int STEPS = 50;

  /**
   * @param size of the result where it is known
   */
  static SamplingChoice of(
      StageRequest stage, ModelCard card, Optional<Size> size, Violations violations) {
    Sampling asked = stage.sampling();
    Optional<NoiseSchedule> schedule = NoiseScheduleChoice.of(asked.noiseSchedule(), violations);
    SchedulerConfig config = new SchedulerConfig(card.scheduler(), asked.scheduler());
    SamplingSpec given =
        new SamplingSpec(
            config,
            asked.steps().orElseGet(() -> new Steps.Count(steps(card, schedule))),
            arguments(asked, card, config),
            SourceChoice.strength(stage.source()),
            schedule,
            card.network().fractionalTimesteps());
    OptionalLong patches = size.stream().mapToLong(s -> SizeChoice.patches(s, card)).findFirst();
    SamplingSpec spec = CallDefaults.filled(given, patches);
    String className =
        Samplers.family(config.className())
            .map(SamplerFamily::className)
            .orElse(config.className());
    @Nullable Sampler bound = bind(spec, violations);
    checkVariance(bound, card, violations);
    return new SamplingChoice(asked, spec, className, bound);
  }

  /** Betas that a request lists are visited each, as DiffWave does. */
  private static int steps(ModelCard card, Optional<NoiseSchedule> schedule) {
    return schedule.isPresent() && schedule.get() instanceof NoiseSchedule.Betas listed
        ? listed.betas().size()
        : card.defaults().steps().orElse(STEPS);
  }

  private static @Nullable Sampler bind(SamplingSpec spec, Violations violations) {
    try {
      return Samplers.bind(spec);
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

  /** The package's eta applies only to the sampler that the package names. */
  private static Map<String, Object> arguments(
      Sampling asked, ModelCard card, SchedulerConfig config) {
    Map<String, Object> arguments = new HashMap<>(asked.arguments());
    Optional<SamplerFamily> chosen = Samplers.family(config.className());
    String packaged = new SchedulerConfig(card.scheduler(), Map.of()).className();
    Optional<String> own = Samplers.family(packaged).map(SamplerFamily::className);
    boolean takesIt =
        chosen.map(SamplerFamily::className).equals(own)
            && chosen.stream()
                .flatMap(family -> family.arguments().stream())
                .anyMatch(option -> option.key().equals(ETA));
    if (takesIt) {
      card.defaults().eta().ifPresent(eta -> arguments.putIfAbsent(ETA, eta));
    }
    return arguments;
  }

  /** Warnings for the publisher. */
  List<String> warnings() {
    return Samplers.warnings(spec.scheduler());
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
    return spec.steps().count();
  }

  /** The request's sampling with every default filled in. */
  Sampling effective(Guidance guidance) {
    Map<String, Object> scheduler = new HashMap<>(asked.scheduler());
    scheduler.putIfAbsent(CLASS_NAME, schedulerName);
    return new Sampling(
        Optional.of(spec.steps()),
        scheduler,
        OptionalDouble.of(guidance.scale()),
        OptionalDouble.of(guidance.rescale()),
        spec.arguments(),
        asked.noiseSchedule());
  }
}
