package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.DenoisingRange;
import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.Steps;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * The input from which a family makes a sampler: a typed and bounded value for each of its options
 * and arguments, and the steps. A value that is not given has the option's default.
 */
public final class Settings {
  /** Maximum steps of a render. */
  public static final int MOST_STEPS = 1000;

  private final SamplingSpec spec;
  private final String scheduler;
  private final Map<String, Object> values;

  /**
   * @param scheduler the scheduler's class name, for messages
   * @param values by key, each of its option's type; a missing value means the option's default
   */
  public Settings(SamplingSpec spec, String scheduler, Map<String, Object> values) {
    this.spec = spec;
    this.scheduler = scheduler;
    this.values = Map.copyOf(values);
  }

  /** Returns the value of an option or argument of the family. */
  @SuppressWarnings("unchecked")
  public <T> T get(Option<T> option) {
    return (T) values.getOrDefault(option.key(), option.standard());
  }

  /** Returns the steps, at most {@link #MOST_STEPS}. */
  public Steps steps() {
    return spec.steps();
  }

  /** Returns the fraction of the steps that are run, above 0, at most 1. */
  public double strength() {
    return spec.strength();
  }

  /** Returns the JSON pointer to the field that sets the steps. */
  public String stepsPointer() {
    if (spec.steps() instanceof Steps.Timesteps) {
      return "/timesteps";
    }
    return spec.steps() instanceof Steps.Sigmas ? "/sigmas" : "/num_inference_steps";
  }

  /**
   * Returns the index of the first step that is run. The strength, or the start of the range, skips
   * the steps before it. Adds a problem if no step remains.
   *
   * @param timestep training timestep at which a step begins, decreasing
   */
  public int firstStep(int steps, IntToDoubleFunction timestep, Problems problems) {
    DenoisingRange range = spec.range();
    if (range.start() == 0) {
      return firstByStrength(steps, problems);
    }
    int trained = noiseSchedule().map(NoiseSchedule::steps).orElseGet(() -> get(FlowSteps.TRAINED));
    double cutoff = DenoisingRange.cutoff(range.start(), trained);
    int first = 0;
    while (first < steps && timestep.applyAsDouble(first) >= cutoff) {
      first++;
    }
    if (first == steps) {
      problems.add(range.pointer(), "leaves none of " + steps + " steps, is " + range.start());
      return 0;
    }
    return first;
  }

  /**
   * Returns the index of the first step that is run, for a scheduler without training timesteps.
   */
  public int firstStep(int steps, Problems problems) {
    refuseRange(problems);
    return firstByStrength(steps, problems);
  }

  private int firstByStrength(int steps, Problems problems) {
    int gone = Math.min((int) (steps * spec.strength()), steps);
    if (gone == 0) {
      problems.add("/strength", "leaves none of " + steps + " steps, is " + spec.strength());
      return 0;
    }
    return steps - gone;
  }

  /** Adds a problem if the request has its own noise levels. */
  public void refuseNoiseSchedule(Problems problems) {
    if (spec.noiseSchedule().isPresent()) {
      problems.add("/noise_schedule", "is not known to " + scheduler);
    }
  }

  /**
   * Adds a problem if the request skips the first steps by a fraction of the training ({@code
   * denoising_start}).
   */
  public void refuseRange(Problems problems) {
    if (spec.range().start() > 0) {
      problems.add(spec.range().pointer(), "is not known to " + scheduler);
    }
  }

  /** Adds a problem if the request skips the first steps. */
  public void refuseStrength(Problems problems) {
    refuseRange(problems);
    if (spec.strength() < 1) {
      problems.mustBe("/strength", "1 with " + scheduler, spec.strength());
    }
  }

  /** Adds a problem if the request lists steps by sigmas. */
  public void refuseSigmas(Problems problems) {
    if (spec.steps() instanceof Steps.Sigmas) {
      problems.add("/sigmas", "is not known to " + scheduler);
    }
  }

  /**
   * Returns the number of steps; adds a problem if the request lists them, which some schedulers do
   * not accept.
   */
  public int count(Problems problems) {
    if (spec.steps() instanceof Steps.Count count) {
      return count.steps();
    }
    problems.add(stepsPointer(), "is not known to " + scheduler + ", which takes a step count");
    return 1;
  }

  /** Returns the noise levels that replace those of the training; empty if none. */
  public Optional<NoiseSchedule> noiseSchedule() {
    return spec.noiseSchedule();
  }

  /** Returns whether the network's timestep input accepts fractions. */
  public boolean fractionalTimesteps() {
    return spec.fractionalTimesteps();
  }

  /** Returns the scheduler's class name, for messages. */
  public String scheduler() {
    return scheduler;
  }
}
