package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.FlowTimes;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.schedule.FlowSteps;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Default arguments of a sampler's call, as in the diffusers pipelines: {@code eta} is 0 regardless
 * of the sampler's default, {@code mu} depends on the picture's size, and all others have the
 * sampler's default.
 */
public final class CallDefaults {
  private static final String ETA = "eta";
  private static final double DETERMINISTIC = 0;

  private CallDefaults() {}

  /**
   * Returns the spec with every argument of its sampler, for a network whose flow times are
   * unknown.
   */
  public static SamplingSpec fill(SamplingSpec spec, OptionalLong patches) {
    return fill(spec, FlowTimes.LISTED_WITH_SHIFT, patches);
  }

  /**
   * Returns the spec with every argument of its sampler. If {@code mu} is filled in, a step count
   * is replaced by the list of times that the pipelines pass with it.
   *
   * @param flow how a step count becomes times on a rectified flow
   * @param patches number of patches of the sample (tokens of a transformer); empty if the size is
   *     not known
   */
  public static SamplingSpec fill(SamplingSpec spec, FlowTimes flow, OptionalLong patches) {
    Optional<SamplerFamily> named = Samplers.family(spec.scheduler().className());
    if (named.isEmpty()) {
      return spec;
    }
    SamplerFamily family = named.get();
    Map<String, Object> arguments = new HashMap<>();
    family.arguments().forEach(option -> putStandard(arguments, option));
    arguments.putAll(spec.arguments());
    OptionalDouble mu = mu(spec, family, patches);
    mu.ifPresent(shift -> arguments.put(FlowSteps.MU.key(), shift));
    boolean lists =
        flow == FlowTimes.LISTED
            ? family.knows(FlowSteps.DYNAMIC.key())
            : flow == FlowTimes.LISTED_WITH_SHIFT && mu.isPresent();
    Steps steps = lists ? DynamicShift.times(family, spec.steps()) : spec.steps();
    return spec.withCall(steps, arguments);
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
