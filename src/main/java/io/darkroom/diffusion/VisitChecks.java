package io.darkroom.diffusion;

import java.util.List;

/** Whether a network's output can be read at every level of a render. */
final class VisitChecks {

  private VisitChecks() {}

  /** A problem where an estimate of the clean sample would divide by a signal that is not there. */
  static void readable(List<Visit> visits, Prediction prediction, Problems problems) {
    for (Visit visit : visits) {
      Level level = visit.level();
      double factors =
          prediction.inputScale(level)
              + prediction.sampleFactor(level)
              + prediction.outputFactor(level);
      if (!Double.isFinite(factors)) {
        problems.add(
            "/scheduler/prediction_type",
            prediction
                + " has no estimate at timestep "
                + visit.timestep()
                + ", where no signal is left");
        return;
      }
    }
  }
}
