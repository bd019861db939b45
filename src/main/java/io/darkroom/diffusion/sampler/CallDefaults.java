package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.schedule.FlowSteps;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The arguments of a sampler's call where a request leaves them out, as the diffusers pipelines
 * give them: {@code eta} 0 whatever the sampler's own standard is, {@code mu} by the picture's
 * size, else the standard.
 */
public final class CallDefaults {
  private static final String ETA = "eta";
  private static final double DETERMINISTIC = 0;

  private CallDefaults() {}

  /**
   * The spec with every argument of its sampler. Where {@code mu} is filled in, a count of steps
   * becomes the list of times that the pipelines give together with it.
   *
   * @param patches of the picture's sample, what a transformer has as tokens of it; empty where the
   *     size is not known
   */
  public static SamplingSpec filled(SamplingSpec spec, OptionalLong patches) {
    Optional<SamplerFamily> named = Samplers.family(spec.scheduler().className());
    if (named.isEmpty()) {
      return spec;
    }
    SamplerFamily family = named.get();
    Map<String, Object> arguments = new HashMap<>();
    family.arguments().forEach(option -> putStandard(arguments, option));
    arguments.putAll(spec.arguments());
    OptionalDouble mu = mu(spec, family, patches);
    if (mu.isEmpty()) {
      return spec.calling(spec.steps(), arguments);
    }
    arguments.put(FlowSteps.MU.key(), mu.getAsDouble());
    return spec.calling(DynamicShift.times(family, spec.steps()), arguments);
  }

  private static void putStandard(Map<String, Object> arguments, Option<?> option) {
    if (option.key().equals(ETA)) {
      arguments.put(ETA, DETERMINISTIC);
    } else if (!(option.standard() instanceof OptionalDouble)) {
      arguments.put(option.key(), option.written(option.standard()));
    }
  }

  private static OptionalDouble mu(SamplingSpec spec, SamplerFamily family, OptionalLong patches) {
    boolean asked = spec.arguments().containsKey(FlowSteps.MU.key());
    return asked || patches.isEmpty() || !DynamicShift.on(family, spec.scheduler())
        ? OptionalDouble.empty()
        : DynamicShift.mu(spec.scheduler(), patches.getAsLong());
  }
}
