package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.schedule.Settings;
import java.util.List;

/** Checks the rules for steps and strength that all schedulers share. */
final class SpecChecks {

  private SpecChecks() {}

  static void check(SamplingSpec spec, Problems problems) {
    if (spec.steps() instanceof Steps.Count count) {
      int steps = count.steps();
      if (steps < 1 || steps > Settings.MOST_STEPS) {
        problems.mustBe("/num_inference_steps", "1 to " + Settings.MOST_STEPS, steps);
      }
    } else if (spec.steps() instanceof Steps.Timesteps timesteps) {
      falling("/timesteps", timesteps.timesteps(), problems);
    } else if (spec.steps() instanceof Steps.Sigmas sigmas) {
      falling("/sigmas", sigmas.sigmas(), problems);
      if (sigmas.sigmas().equals(List.of(0.0))) {
        problems.mustBe("/sigmas/0", "above 0", 0);
      }
    }
    if (!(spec.strength() > 0 && spec.strength() <= 1)) {
      problems.mustBe("/strength", "above 0 and at most 1", spec.strength());
    }
  }

  private static void falling(String pointer, List<Double> values, Problems problems) {
    if (values.isEmpty() || values.size() > Settings.MOST_STEPS + 1) {
      problems.mustBe(
          pointer, "1 to " + Settings.MOST_STEPS + " values", values.size() + " values");
    }
    for (int i = 0; i < Math.min(values.size(), Settings.MOST_STEPS + 1); i++) {
      double value = values.get(i);
      double before = i == 0 ? Double.POSITIVE_INFINITY : values.get(i - 1);
      if (!(value >= 0 && value < before)) {
        problems.mustBe(pointer + "/" + i, "0 or more and below the one before", value);
        return;
      }
    }
  }
}
