package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Generates samplers with valid combinations of family, curve, spacing, prediction and step count.
 */
final class SoundSpecs {
  private static final Map<String, List<Object>> CHOICES =
      Map.of(
          "beta_schedule", List.of("linear", "scaled_linear", "sigmoid", "laplace", "exp"),
          "timestep_spacing", List.of("leading", "linspace", "trailing"),
          "prediction_type", List.of("epsilon", "v_prediction", "sample"),
          "solver_order", List.of(1, 2, 3),
          "solver_type", List.of("midpoint", "heun", "bh1", "bh2"),
          "algorithm_type", List.of("dpmsolver++", "sde-dpmsolver++"),
          "shift", List.of(0.5, 1.0, 3.0),
          "eta", List.of(0.0, 0.5, 1.0));
  private static final List<String> SPREADS =
      List.of("", "use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas");

  private SoundSpecs() {}

  /** Specs of which each binds. */
  static Arbitrary<SamplingSpec> all() {
    return Arbitraries.of(Samplers.families()).flatMap(SoundSpecs::of).filter(SoundSpecs::binds);
  }

  private static Arbitrary<SamplingSpec> of(SamplerFamily family) {
    return Combinators.combine(
            options(family.options()),
            options(family.arguments()),
            Arbitraries.of(SPREADS),
            Arbitraries.integers().between(2, 40),
            Arbitraries.of(1.0, 1.0, 0.6))
        .as(
            (options, arguments, spread, steps, strength) -> {
              Map<String, Object> requested = new HashMap<>(options);
              requested.put("_class_name", family.className());
              if (family.options().stream().anyMatch(option -> option.key().equals(spread))) {
                requested.put(spread, true);
              }
              if (family.options().contains(ClipOptions.CLIP)) {
                requested.put("clip_sample", false);
              }
              SchedulerConfig config = new SchedulerConfig(Map.of(), requested);
              return new SamplingSpec(config, new Steps.Count(steps), arguments, strength);
            });
  }

  private static Arbitrary<Map<String, Object>> options(List<Option<?>> options) {
    List<Arbitrary<Map.Entry<String, Object>>> all = new ArrayList<>();
    for (Option<?> option : options) {
      List<Object> values =
          CHOICES.getOrDefault(option.key(), List.of()).stream()
              .filter(value -> option.requested(value).isPresent())
              .toList();
      if (!values.isEmpty()) {
        all.add(Arbitraries.of(values).map(value -> Map.entry(option.key(), value)));
      }
    }
    return Combinators.combine(all)
        .as(
            entries -> {
              Map<String, Object> map = new HashMap<>();
              entries.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
              return map;
            });
  }

  private static boolean binds(SamplingSpec spec) {
    try {
      return Samplers.bind(spec).evaluations() > 0;
    } catch (InvalidSampling refused) {
      return false;
    }
  }
}
