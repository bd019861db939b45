package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.schedule.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The samplers there are, by diffusers class name and short alias. */
public final class Samplers {
  private static final String CLASS_SUFFIX = "Scheduler";
  private static final String POINTER = "/scheduler/_class_name";

  private Samplers() {}

  /** Every family, by class name. For tables and documents. */
  public static List<SamplerFamily> families() {
    List<SamplerFamily> all = new ArrayList<>();
    ServiceLoader.load(SamplerFamily.class, SamplerFamily.class.getClassLoader()).forEach(all::add);
    all.sort(Comparator.comparing(SamplerFamily::className));
    return List.copyOf(all);
  }

  /** The family that a class name or an alias names. */
  public static Optional<SamplerFamily> family(String name) {
    return families().stream().filter(family -> presets(family, name).isPresent()).findFirst();
  }

  /** Whether any family has the key in its configuration. */
  static boolean knowKey(String key) {
    return families().stream().anyMatch(family -> family.knows(key));
  }

  /**
   * What a publisher should know of the keys of a request that have no effect, and of values that
   * are read as others; by key.
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
   * The sampler that a spec describes.
   *
   * @throws InvalidSampling where the scheduler is not known, an option or argument is not known to
   *     it or out of range, or the steps cannot be visited; with every violation
   */
  public static Sampler bind(SamplingSpec spec) throws InvalidSampling {
    Problems problems = new Problems();
    String name = spec.scheduler().className();
    Optional<SamplerFamily> family = family(name);
    if (family.isEmpty()) {
      unknown(name, problems);
      SpecChecks.check(spec, problems);
      problems.throwIfAny();
    }
    SamplerFamily found = family.orElseThrow();
    Map<String, Object> presets = presets(found, name).orElseThrow();
    Settings settings = SettingsReader.read(spec, found, presets, problems);
    problems.throwIfAny();
    Sampler sampler = found.bind(settings);
    EvaluationChecks.readable(sampler, problems);
    problems.throwIfAny();
    return sampler;
  }

  /**
   * Reads a scheduler without visiting any steps.
   *
   * @throws InvalidSampling where it is not known, or one of its options is out of range
   */
  public static void check(SchedulerConfig config) throws InvalidSampling {
    Problems problems = new Problems();
    String name = config.className();
    Optional<SamplerFamily> family = family(name);
    if (family.isEmpty()) {
      unknown(name, problems);
    } else {
      SamplingSpec spec = new SamplingSpec(config, new Steps.Count(1), Map.of(), 1);
      SettingsReader.read(spec, family.get(), presets(family.get(), name).orElseThrow(), problems);
    }
    problems.throwIfAny();
  }

  private static void unknown(String name, Problems problems) {
    Optional<String> reason = UnservedSchedulers.reason(name);
    if (reason.isPresent()) {
      problems.add(POINTER, name + " is not served: " + reason.get());
      return;
    }
    String known =
        families().stream()
            .flatMap(family -> family.aliases().stream())
            .map(Alias::name)
            .filter(alias -> !alias.endsWith(CLASS_SUFFIX))
            .sorted()
            .collect(Collectors.joining(", "));
    problems.mustBe(POINTER, "one of " + known + ", or the diffusers class of one", name);
  }

  /** What people call the sampler of a scheduler that {@link #bind} takes. */
  public static SamplerTitle title(SchedulerConfig config) {
    String name = config.className();
    SamplerFamily family = family(name).orElseThrow();
    SamplingSpec spec = new SamplingSpec(config, new Steps.Count(1), Map.of(), 1);
    Map<String, Object> presets = presets(family, name).orElseThrow();
    return SamplerTitle.of(family, SettingsReader.read(spec, family, presets, new Problems()));
  }

  /** What the name presets, where it names the family. */
  private static Optional<Map<String, Object>> presets(SamplerFamily family, String name) {
    if (family.className().equals(name)) {
      return Optional.of(Map.of());
    }
    return family.aliases().stream()
        .filter(alias -> alias.name().equals(name))
        .map(Alias::presets)
        .findFirst();
  }
}
