package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.schedule.Settings;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds samplers by diffusers class name or alias. */
public final class Samplers {
  private static final String CLASS_SUFFIX = "Scheduler";
  private static final String POINTER = "/scheduler/_class_name";

  private static final List<SamplerFamily> FAMILIES = load();
  private static final Map<String, Named> BY_NAME = byName();

  private Samplers() {}

  /** The meaning of a class name or an alias: a family and the options that the alias sets. */
  private record Named(SamplerFamily family, Map<String, Object> presets) {}

  private static List<SamplerFamily> load() {
    return ServiceLoader.load(SamplerFamily.class, SamplerFamily.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(SamplerFamily::className))
        .toList();
  }

  private static Map<String, Named> byName() {
    Map<String, Named> all = new HashMap<>();
    for (SamplerFamily family : FAMILIES) {
      family.aliases().forEach(alias -> add(all, alias.name(), family, alias.presets()));
      add(all, family.className(), family, Map.of());
    }
    return Map.copyOf(all);
  }

  private static void add(
      Map<String, Named> all, String name, SamplerFamily family, Map<String, Object> presets) {
    if (all.put(name, new Named(family, presets)) != null) {
      throw new IllegalStateException("two samplers are named " + name);
    }
  }

  /** Returns all families in the order of their class names. Loaded once. */
  public static List<SamplerFamily> families() {
    return FAMILIES;
  }

  /** Returns the family that a class name or an alias names. */
  public static Optional<SamplerFamily> family(String name) {
    return named(name).map(Named::family);
  }

  private static Optional<Named> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Returns whether any family's configuration has the key. */
  static boolean knowKey(String key) {
    return FAMILIES.stream().anyMatch(family -> family.knows(key));
  }

  /**
   * Returns warnings for the publisher, in the order of keys: keys without effect and values that
   * are replaced.
   */
  public static List<String> warnings(SchedulerConfig config) {
    Map<String, Object> requested = config.requested();
    return family(config.className()).stream()
        .map(family -> RequestedKeys.of(family, requested))
        .flatMap(keys -> warnings(keys, requested))
        .toList();
  }

  private static Stream<String> warnings(RequestedKeys keys, Map<String, Object> requested) {
    return requested.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(each -> warning(keys, each.getKey(), each.getValue()).stream());
  }

  private static Optional<String> warning(RequestedKeys keys, String key, Object value) {
    return keys.warning(key).or(() -> keys.replaced(key, value));
  }

  /**
   * Returns the sampler that a spec describes.
   *
   * @throws InvalidSampling with every violation if the scheduler is not known, an option or
   *     argument is not known to it or out of range, or the steps cannot be run
   */
  public static Sampler bind(SamplingSpec spec) throws InvalidSampling {
    Sampler toEnd = bindToEnd(spec);
    if (spec.range().end() == 1) {
      return toEnd;
    }
    Sampler rest = bindToEnd(spec.withRange(spec.range().rest()));
    return FirstEvaluations.of(toEnd, toEnd.evaluations() - rest.evaluations());
  }

  private static Sampler bindToEnd(SamplingSpec spec) throws InvalidSampling {
    Problems problems = new Problems();
    String name = spec.scheduler().className();
    Optional<Named> named = named(name);
    if (named.isEmpty()) {
      unknown(name, problems);
      SpecChecks.check(spec, problems);
      problems.throwIfAny();
    }
    Named found = named.orElseThrow();
    Settings settings = SettingsReader.read(spec, found.family, found.presets, problems);
    problems.throwIfAny();
    Sampler sampler = found.family.bind(settings);
    EvaluationChecks.readable(sampler, problems);
    problems.throwIfAny();
    boolean clamps = spec.noiseSchedule().map(NoiseSchedule::clampEachStep).orElse(false);
    return clamps ? new ClampedSampler(sampler) : sampler;
  }

  /**
   * Checks a scheduler without steps.
   *
   * @throws InvalidSampling if it is not known, or one of its options is out of range
   */
  public static void check(SchedulerConfig config) throws InvalidSampling {
    Problems problems = new Problems();
    String name = config.className();
    named(name)
        .ifPresentOrElse(named -> read(config, named, problems), () -> unknown(name, problems));
    problems.throwIfAny();
  }

  private static void unknown(String name, Problems problems) {
    Optional<String> reason = UnservedSchedulers.reason(name);
    if (reason.isPresent()) {
      problems.add(POINTER, name + " is not served: " + reason.get());
      return;
    }
    String known =
        FAMILIES.stream()
            .flatMap(family -> family.aliases().stream())
            .map(Alias::name)
            .filter(alias -> !alias.endsWith(CLASS_SUFFIX))
            .sorted()
            .collect(Collectors.joining(", "));
    problems.mustBe(POINTER, "one of " + known + ", or the diffusers class of one", name);
  }

  /** Returns the display name of the sampler of a scheduler that {@link #bind} accepts. */
  public static SamplerTitle title(SchedulerConfig config) {
    Named named = named(config.className()).orElseThrow();
    return SamplerTitle.of(named.family, read(config, named, new Problems()));
  }

  /** Returns the settings of a configuration alone, for one step. */
  private static Settings read(SchedulerConfig config, Named named, Problems problems) {
    SamplingSpec spec = new SamplingSpec(config, new Steps.Count(1), Map.of(), 1);
    return SettingsReader.read(spec, named.family, named.presets, problems);
  }
}
