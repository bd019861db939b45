package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Problems;

/** Checks that a network's output can be interpreted at every level of a render. */
final class EvaluationChecks {

  private EvaluationChecks() {}

  /** Adds a problem if an estimate of the clean sample would divide by a signal of 0. */
  static void readable(Sampler sampler, Problems problems) {
    for (int k = 0; k < sampler.evaluations(); k++) {
      double factors = sampler.inputScale(k) + sampler.sampleFactor(k) + sampler.outputFactor(k);
      if (!Double.isFinite(factors)) {
        problems.add(
            "/scheduler/prediction_type",
            sampler.prediction()
                + " has no estimate at timestep "
                + sampler.timestep(k)
                + ", where no signal is left");
        return;
      }
    }
  }
}
