package io.darkroom.diffusion;

/** Whether a network's output can be read at every level of a render. */
final class VisitChecks {

  private VisitChecks() {}

  /** A problem where an estimate of the clean sample would divide by a signal that is not there. */
  static void readable(Sampler sampler, Problems problems) {
    Prediction prediction = sampler.prediction();
    for (int k = 0; k < sampler.evaluations(); k++) {
      Level level = sampler.level(k);
      double factors =
          prediction.inputScale(level)
              + prediction.sampleFactor(level)
              + prediction.outputFactor(level);
      if (!Double.isFinite(factors)) {
        problems.add(
            "/scheduler/prediction_type",
            prediction
                + " has no estimate at timestep "
                + sampler.timestep(k)
                + ", where no signal is left");
        return;
      }
    }
  }
}
