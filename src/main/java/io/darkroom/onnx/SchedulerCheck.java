package io.darkroom.onnx;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.sampler.Samplers;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import java.util.Map;

/**
 * Checks whether a package's scheduler can be used without changes of a request. Planning checks
 * everything that depends on the steps.
 */
final class SchedulerCheck {
  private static final String ROOT = "/scheduler/";
  private static final int STEPS = 50;

  private SchedulerCheck() {}

  static void check(ModelCard card) throws BrokenPackage {
    SchedulerConfig config = new SchedulerConfig(card.scheduler(), Map.of());
    try {
      Samplers.check(config);
    } catch (InvalidSampling invalid) {
      InvalidSampling.Problem first = invalid.problems().get(0);
      throw broken(first.pointer().replaceFirst("^" + ROOT, ""), first.message());
    }
    if (readsVariance(config, card) && !card.network().givesVariance()) {
      throw broken("variance_type", card.network().varianceRule());
    }
  }

  private static boolean readsVariance(SchedulerConfig config, ModelCard card) {
    int steps = card.defaults().steps().orElse(STEPS);
    try {
      return Samplers.bind(new SamplingSpec(config, new Steps.Count(steps), Map.of(), 1))
          .readsVariance();
    } catch (InvalidSampling ofItsSteps) {
      return false;
    }
  }

  private static BrokenPackage broken(String field, String problem) {
    return new BrokenPackage(ModelPackage.SCHEDULER, field, problem);
  }
}
