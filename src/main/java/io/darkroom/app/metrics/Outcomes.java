package io.darkroom.app.metrics;

import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import java.util.Optional;

/** Names of outcomes in metrics, logs and traces. */
public final class Outcomes {
  /** The error class of an outcome without an error. */
  public static final String NO_ERROR = "none";

  private Outcomes() {}

  /** Returns completed, reused, failed, rejected or cancelled. */
  public static String name(RenderOutcome outcome) {
    if (outcome instanceof RenderOutcome.Completed completed) {
      return completed.reused() ? "reused" : "completed";
    }
    if (outcome instanceof RenderOutcome.Failed) {
      return "failed";
    }
    return outcome instanceof RenderOutcome.Rejected ? "rejected" : "cancelled";
  }

  /** Returns the problem of a failed or rejected request; empty for other outcomes. */
  public static Optional<Problem> problem(RenderOutcome outcome) {
    if (outcome instanceof RenderOutcome.Failed failed) {
      return Optional.of(failed.problem());
    }
    return outcome instanceof RenderOutcome.Rejected rejected
        ? Optional.of(rejected.problem())
        : Optional.empty();
  }

  /** Returns the error class, or {@link #NO_ERROR}. */
  public static String errorClass(RenderOutcome outcome) {
    return problem(outcome).map(problem -> problem.kind().wire()).orElse(NO_ERROR);
  }
}
