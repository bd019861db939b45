package io.darkroom.diffusion;

import java.util.HashMap;
import java.util.List;
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

  private Settings(SamplingSpec spec, String scheduler, Map<String, Object> values) {
    this.spec = spec;
    this.scheduler = scheduler;
    this.values = values;
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
  int firstStep(int steps, Problems problems) {
    int gone = Math.min((int) (steps * spec.strength()), steps);
    if (gone == 0) {
      problems.add("/strength", "leaves none of " + steps + " steps, is " + spec.strength());
      return 0;
    }
    return steps - gone;
  }

  /** A problem where the request brings noise levels of its own. */
  void refuseNoiseSchedule(Problems problems) {
    if (spec.noiseSchedule().isPresent()) {
      problems.add("/noise_schedule", "is not known to " + scheduler);
    }
  }

  /** A problem where the first steps are to be left out. */
  void refuseStrength(Problems problems) {
    if (spec.strength() < 1) {
      problems.mustBe("/strength", "1 with " + scheduler, spec.strength());
    }
  }

  /** A problem where the steps are listed by sigmas. */
  void refuseSigmas(Problems problems) {
    if (spec.steps() instanceof Steps.Sigmas) {
      problems.add("/sigmas", "is not known to " + scheduler);
    }
  }

  /** How many steps there are to be; a problem where they are listed, which not all take. */
  int count(Problems problems) {
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

  /** Reads a spec by a family's declarations; problems are added for everything out of place. */
  static Settings read(
      SamplingSpec spec, SamplerFamily family, Map<String, Object> presets, Problems problems) {
    Map<String, Object> requested = spec.scheduler().requested();
    Map<String, Object> packaged = new HashMap<>(spec.scheduler().packaged());
    packaged.keySet().removeAll(presets.keySet());
    packaged.keySet().removeAll(requested.keySet());
    Map<String, Object> values = new HashMap<>();
    readPackaged(packaged, family.options(), values, problems);
    presets.forEach((key, value) -> readPreset(key, value, family.options(), values));
    readRequested(requested, family, values, problems);
    readArguments(spec.arguments(), family, values, problems);
    SpecChecks.check(spec, problems);
    return new Settings(spec, family.className(), values);
  }

  /** What the package says and nothing above it replaces. */
  private static void readPackaged(
      Map<String, Object> packaged,
      List<Option<?>> options,
      Map<String, Object> values,
      Problems problems) {
    for (Option<?> option : options) {
      Object raw = packaged.get(option.key());
      if (raw == null) {
        continue;
      }
      Optional<?> value = option.packaged(raw);
      if (value.isPresent()) {
        values.put(option.key(), value.get());
      } else {
        String rule = option.rule() + " in the package's scheduler configuration";
        problems.mustBe("/scheduler/" + option.key(), rule, raw);
      }
    }
  }

  private static void readPreset(
      String key, Object raw, List<Option<?>> options, Map<String, Object> values) {
    Option<?> option = find(key, options).orElseThrow();
    values.put(key, option.requested(raw).orElseThrow());
  }

  private static void readRequested(
      Map<String, Object> requested,
      SamplerFamily family,
      Map<String, Object> values,
      Problems problems) {
    RequestedKeys keys = RequestedKeys.of(family, requested);
    requested.forEach(
        (key, raw) -> {
          String pointer = "/scheduler/" + Problems.token(key);
          Optional<Option<?>> option = find(key, family.options());
          if (option.isPresent()) {
            read(option.get(), raw, keys.value(option.get(), raw), pointer, values, problems);
          } else if (!keys.allows(key)) {
            problems.add(pointer, "is not known to " + family.className());
          }
        });
  }

  private static void readArguments(
      Map<String, Object> arguments,
      SamplerFamily family,
      Map<String, Object> values,
      Problems problems) {
    arguments.forEach(
        (key, raw) -> {
          String pointer = "/" + Problems.token(key);
          Optional<Option<?>> option = find(key, family.arguments());
          if (option.isPresent()) {
            read(option.get(), raw, option.get().requested(raw), pointer, values, problems);
          } else {
            problems.add(pointer, "is not known to " + family.className());
          }
        });
  }

  private static void read(
      Option<?> option,
      Object raw,
      Optional<?> value,
      String pointer,
      Map<String, Object> values,
      Problems problems) {
    if (value.isPresent()) {
      values.put(option.key(), value.get());
    } else {
      problems.mustBe(pointer, option.rule(), raw);
    }
  }

  private static Optional<Option<?>> find(String key, List<Option<?>> options) {
    return options.stream().filter(option -> option.key().equals(key)).findFirst();
  }
}
