package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.SamplingSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A way to step: a scheduler with those non-default options that change more than the levels, the
 * prediction or the clipping.
 *
 * @param className class name of the scheduler
 * @param values by option
 */
record Variant(String className, Map<String, Object> values) {

  /** Options that many schedulers share and that do not change a solver's arithmetic. */
  private static final Set<String> COMMON =
      Set.of(
          "num_train_timesteps",
          "beta_start",
          "beta_end",
          "beta_schedule",
          "trained_betas",
          "rescale_betas_zero_snr",
          "timestep_spacing",
          "timestep_type",
          "steps_offset",
          "use_karras_sigmas",
          "use_exponential_sigmas",
          "use_beta_sigmas",
          "use_lu_lambdas",
          "use_flow_sigmas",
          "flow_shift",
          "interpolation_type",
          "sigma_min",
          "sigma_max",
          "sigma_schedule",
          "final_sigmas_type",
          "set_alpha_to_one",
          "lambda_min_clipped",
          "original_inference_steps",
          "timestep_scaling",
          "prediction_type",
          "clip_sample",
          "clip_sample_range",
          "thresholding",
          "dynamic_thresholding_ratio",
          "sample_max_value",
          "shift",
          "use_dynamic_shifting",
          "time_shift_type",
          "shift_terminal",
          "mu",
          "lower_order_final",
          "s_tmin",
          "s_tmax",
          "s_noise");

  Variant {
    values = Map.copyOf(values);
  }

  /** Returns the variant of a spec. */
  static Variant of(SamplingSpec spec) {
    Map<String, Object> asked = new HashMap<>(spec.scheduler().requested());
    asked.putAll(spec.arguments());
    return of(String.valueOf(asked.remove("_class_name")), asked);
  }

  /**
   * Returns the variant of a class name or an alias.
   *
   * @param asked options and arguments
   */
  static Variant of(String name, Map<String, Object> asked) {
    SamplerFamily family = Samplers.family(name).orElseThrow();
    Map<String, Object> all = new HashMap<>();
    family.aliases().stream()
        .filter(alias -> alias.name().equals(name))
        .forEach(alias -> all.putAll(alias.presets()));
    all.putAll(asked);
    Map<String, Object> typed = new HashMap<>();
    all.forEach(
        (key, value) ->
            option(family, key)
                .filter(option -> !COMMON.contains(key))
                .flatMap(option -> unusual(option, value))
                .ifPresent(each -> typed.put(key, each)));
    return new Variant(family.className(), typed);
  }

  private static Optional<Object> unusual(Option<?> option, Object value) {
    return option
        .requested(value)
        .<Object>map(each -> each)
        .filter(each -> !each.equals(option.standard()));
  }

  private static Optional<Option<?>> option(SamplerFamily family, String key) {
    return Stream.concat(family.options().stream(), family.arguments().stream())
        .<Option<?>>map(option -> option)
        .filter(option -> option.key().equals(key))
        .findFirst();
  }

  /** Returns the shortest name with most of the options, followed by the remaining ones. */
  String shown() {
    SamplerFamily family = Samplers.family(className).orElseThrow();
    String best = family.aliases().get(0).name();
    int most = -1;
    for (Alias alias : family.aliases()) {
      Map<String, Object> said = of(alias.name(), Map.of()).values;
      if (said.size() > most && values.entrySet().containsAll(said.entrySet())) {
        best = alias.name();
        most = said.size();
      }
    }
    Map<String, Object> rest = new TreeMap<>(values);
    rest.keySet().removeAll(of(best, Map.of()).values.keySet());
    String options =
        rest.entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", "));
    return options.isEmpty() ? best : best + ", " + options;
  }
}
