package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.schedule.FlowSteps;
import io.darkroom.diffusion.schedule.LambdaSteps;
import io.darkroom.diffusion.schedule.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Dynamic shifting as the diffusers pipelines of FLUX, LTX-Video and Qwen-Image use it: {@code mu}
 * is linear in the number of patches (their {@code calculate_shift}), and the times are evenly
 * spaced from 1 to 1 / count.
 */
final class DynamicShift {
  static final Option<Double> BASE = Option.number("base_shift", 0.5, -10, 10);
  static final Option<Double> MOST = Option.number("max_shift", 1.15, -10, 10);
  static final Option<Integer> BASE_PATCHES = Option.whole("base_image_seq_len", 256, 1, 1 << 20);
  static final Option<Integer> MOST_PATCHES = Option.whole("max_image_seq_len", 4096, 1, 1 << 20);

  private DynamicShift() {}

  /** Returns whether the sampler shifts its times by {@code mu}. */
  static boolean on(SamplerFamily family, SchedulerConfig config) {
    boolean flow = !family.knows(LambdaSteps.FLOW.key()) || config.value(LambdaSteps.FLOW);
    return family.knows(FlowSteps.DYNAMIC.key()) && flow && config.value(FlowSteps.DYNAMIC);
  }

  /**
   * Returns {@code mu} for a picture.
   *
   * @param patches number of patches of the sample (tokens of a transformer)
   * @return empty if the configuration does not define the line
   */
  static OptionalDouble mu(SchedulerConfig config, long patches) {
    int base = config.value(BASE_PATCHES);
    int most = config.value(MOST_PATCHES);
    if (most <= base) {
      return OptionalDouble.empty();
    }
    double slope = (config.value(MOST) - config.value(BASE)) / (most - base);
    return OptionalDouble.of(patches * slope + (config.value(BASE) - slope * base));
  }

  /**
   * Returns the list of times that the pipelines pass for a step count. Samplers with their own
   * times on the flow receive the count.
   */
  static Steps times(SamplerFamily family, Steps steps) {
    if (!(steps instanceof Steps.Count count)
        || count.steps() < 1
        || count.steps() > Settings.MOST_STEPS
        || family.knows(LambdaSteps.FLOW.key())) {
      return steps;
    }
    int last = count.steps() - 1;
    List<Double> times = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      times.add(i == 0 ? 1 : 1 + i * ((1.0 / count.steps() - 1) / last));
    }
    return new Steps.Sigmas(times);
  }
}
