package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.Steps;
import java.util.Map;
import java.util.Optional;

/**
 * What a family makes a sampler from: a typed, bounded value for each of its options and arguments,
 * and the steps asked for. A value not given anywhere is the option's standard.
 */
public final class Settings {
  /** Steps that a render may take. */
  public static final int MOST_STEPS = 1000;

  private final SamplingSpec spec;
  private final String scheduler;
  private final Map<String, Object> values;

  /**
   * @param scheduler the scheduler's class name, for messages
   * @param values by key, each of its option's type; what is left out is the option's standard
   */
  public Settings(SamplingSpec spec, String scheduler, Map<String, Object> values) {
    this.spec = spec;
    this.scheduler = scheduler;
    this.values = Map.copyOf(values);
  }

  /** The value of one of the family's options or arguments. */
  @SuppressWarnings("unchecked")
  public <T> T get(Option<T> option) {
    return (T) values.getOrDefault(option.key(), option.standard());
  }

  /** How the levels are asked for, within {@link #MOST_STEPS}. */
  public Steps steps() {
    return spec.steps();
  }

  /** How much of the way is gone, above 0, at most 1. */
  public double strength() {
    return spec.strength();
  }

  /** Where the request says the steps. */
  public String stepsPointer() {
    if (spec.steps() instanceof Steps.Timesteps) {
      return "/timesteps";
    }
    return spec.steps() instanceof Steps.Sigmas ? "/sigmas" : "/num_inference_steps";
  }

  /**
   * The first of {@code steps} that is gone; the ones before it are left out by the strength. A
   * problem where none is left.
   */
  public int firstStep(int steps, Problems problems) {
    int gone = Math.min((int) (steps * spec.strength()), steps);
    if (gone == 0) {
      problems.add("/strength", "leaves none of " + steps + " steps, is " + spec.strength());
      return 0;
    }
    return steps - gone;
  }

  /** A problem where the request brings noise levels of its own. */
  public void refuseNoiseSchedule(Problems problems) {
    if (spec.noiseSchedule().isPresent()) {
      problems.add("/noise_schedule", "is not known to " + scheduler);
    }
  }

  /** A problem where the first steps are to be left out. */
  public void refuseStrength(Problems problems) {
    if (spec.strength() < 1) {
      problems.mustBe("/strength", "1 with " + scheduler, spec.strength());
    }
  }

  /** A problem where the steps are listed by sigmas. */
  public void refuseSigmas(Problems problems) {
    if (spec.steps() instanceof Steps.Sigmas) {
      problems.add("/sigmas", "is not known to " + scheduler);
    }
  }

  /** How many steps there are to be; a problem where they are listed, which not all take. */
  public int count(Problems problems) {
    if (spec.steps() instanceof Steps.Count count) {
      return count.steps();
    }
    problems.add(stepsPointer(), "is not known to " + scheduler + ", which takes a step count");
    return 1;
  }

  /** The noise levels to visit where they are not those of the training. */
  public Optional<NoiseSchedule> noiseSchedule() {
    return spec.noiseSchedule();
  }

  /** Whether the network's timestep input takes fractions. */
  public boolean fractionalTimesteps() {
    return spec.fractionalTimesteps();
  }

  /** The scheduler's class name, for messages. */
  public String scheduler() {
    return scheduler;
  }
}
