package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Plans the sampler of a request, and the request's sampling with its defaults.
 *
 * @param asked the request's sampling
 * @param spec the input of the sampler, with all arguments
 * @param schedulerName the family's class name
 * @param bound the sampler; null if there is a violation
 */
record SamplingChoice(
    Sampling asked, SamplingSpec spec, String schedulerName, @Nullable Sampler bound) {
  private static final String CLASS_NAME = "_class_name";
  private static final String TRAINED = "num_train_timesteps";
  private static final String ETA = "eta";
  private static final int STEPS = 50;

  /**
   * Plans the sampling of a stage.
   *
   * @param size size of the result, if it is known
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
            card.network().fractionalTimesteps(),
            SourceChoice.range(stage));
    OptionalLong patches = size.stream().mapToLong(s -> SizeChoice.patches(s, card)).findFirst();
    SamplingSpec spec = CallDefaults.fill(given, card.network().flowTimes(), patches);
    String className =
        Samplers.family(config.className())
            .map(SamplerFamily::className)
            .orElse(config.className());
    @Nullable Sampler bound = bind(spec, violations);
    checkVariance(bound, card, violations);
    checkTimesteps(bound, asked, card, violations);
    return new SamplingChoice(asked, spec, className, bound);
  }

  /**
   * Returns the number of steps. If a request lists betas, there is one step for each, as in
   * DiffWave.
   */
  private static int steps(ModelCard card, Optional<NoiseSchedule> schedule) {
    return schedule.isPresent() && schedule.get().levels() instanceof NoiseSchedule.Betas listed
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

  /** Adds a violation if a timestep is above the maximum that the network accepts. */
  private static void checkTimesteps(
      @Nullable Sampler bound, Sampling asked, ModelCard card, Violations violations) {
    int most = card.network().mostTimestep();
    double largest =
        bound == null
            ? 0
            : IntStream.range(0, bound.evaluations()).mapToDouble(bound::timestep).max().orElse(0);
    violations.check(
        largest <= most,
        timesteps(asked),
        () ->
            "must give timesteps of at most %d for %s, gives %.0f"
                .formatted(most, card.name(), Math.ceil(largest)));
  }

  /** Returns the pointer of the field that sets the timesteps. */
  private static String timesteps(Sampling asked) {
    if (asked.steps().filter(Steps.Timesteps.class::isInstance).isPresent()) {
      return "/timesteps";
    }
    return asked.scheduler().containsKey(TRAINED)
        ? "/scheduler/" + TRAINED
        : "/num_inference_steps";
  }

  /**
   * Returns the arguments of the call. The package's eta applies only to the sampler that the
   * package names.
   */
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

  /**
   * Adds a violation if the previous stage's sampler scales latents differently, with or without
   * the factor of the signal (as Euler and DDIM do).
   */
  void checkScale(SamplingChoice before, Violations violations) {
    if (spec.range().start() == 0 || bound == null || before.bound == null) {
      return;
    }
    Level left = before.bound.lastLevel();
    violations.check(
        left.sigma() == 0 || (left.alpha() == 1) == (bound.level(0).alpha() == 1),
        "/scheduler/_class_name",
        "must scale its samples as %s of the previous stage does".formatted(before.schedulerName));
  }

  /** Returns the warnings for the publisher. */
  List<String> warnings() {
    return Samplers.warnings(spec.scheduler());
  }

  Sampler sampler() {
    if (bound == null) {
      throw new IllegalStateException("sampler: must not be used if there are violations");
    }
    return bound;
  }

  int evaluations() {
    return bound == null ? 1 : bound.evaluations();
  }

  int stepCount() {
    return spec.steps().count();
  }

  /** Returns the request's sampling with all defaults. */
  Sampling effective(Guidance guidance) {
    Map<String, Object> scheduler = new HashMap<>(asked.scheduler());
    scheduler.putIfAbsent(CLASS_NAME, schedulerName);
    return new Sampling(
        Optional.of(spec.steps()),
        scheduler,
        OptionalDouble.of(guidance.scale()),
        OptionalDouble.of(guidance.rescale()),
        spec.arguments(),
        asked.noiseSchedule(),
        asked.denoisingEnd(),
        asked.guidanceInterval(),
        asked.cache());
  }
}
