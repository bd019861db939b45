package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import java.util.HashMap;
import java.util.Map;

/** Creates samplers for tests with valid settings. */
public final class TestSamplers {

  private TestSamplers() {}

  public static Sampler to(
      String sampler, Map<String, Object> options, Steps steps, Map<String, Object> arguments) {
    Map<String, Object> requested = new HashMap<>(options);
    requested.put("_class_name", sampler);
    return to(new SamplingSpec(new SchedulerConfig(Map.of(), requested), steps, arguments, 1));
  }

  public static Sampler to(String sampler, Map<String, Object> options, int steps) {
    return to(sampler, options, new Steps.Count(steps), Map.of());
  }

  public static Sampler to(SamplingSpec spec) {
    try {
      return Samplers.bind(spec);
    } catch (InvalidSampling e) {
      throw new AssertionError(spec.toString(), e);
    }
  }
}
