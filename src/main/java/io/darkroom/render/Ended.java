package io.darkroom.render;

import io.darkroom.engine.StageOutcome;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Violation;
import java.util.List;

/** A job's way is at its end before there are pictures; carries what the terminal event says. */
final class Ended extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whether the request was accepted before it failed. */
  private enum As {
    REJECTED,
    FAILED,
    CANCELLED
  }

  private final As as;
  private final transient Problem problem;
  private final long evaluations;

  private Ended(As as, Problem problem, long evaluations) {
    super(problem.message());
    this.as = as;
    this.problem = problem;
    this.evaluations = evaluations;
  }

  static Ended rejected(ErrorClass kind, String message, List<Violation> violations) {
    return new Ended(As.REJECTED, new Problem(kind, message, violations, false), 0);
  }

  static Ended invalid(List<Violation> violations) {
    return rejected(ErrorClass.INVALID, count(violations), violations);
  }

  static Ended failed(ErrorClass kind, String message, boolean retryable) {
    return new Ended(As.FAILED, Problem.of(kind, message, retryable), 0);
  }

  /** A stage that the engine could not do. */
  static Ended broken(StageOutcome.Broken broken) {
    boolean retryable = broken.kind() == ErrorClass.CAPACITY;
    Problem problem = Problem.of(broken.kind(), broken.message(), retryable);
    return new Ended(As.FAILED, problem, broken.evaluations());
  }

  static Ended cancelled(long evaluations) {
    Problem withdrawn = Problem.of(ErrorClass.DEADLINE, "withdrawn", false);
    return new Ended(As.CANCELLED, withdrawn, evaluations);
  }

  static String count(List<Violation> violations) {
    int many = violations.size();
    return many == 1 ? "the request has 1 violation" : "the request has " + many + " violations";
  }

  /** The outcome that this is for a request. */
  RenderOutcome outcome(String id, String requestSha256) {
    return switch (as) {
      case REJECTED -> new RenderOutcome.Rejected(id, requestSha256, problem);
      case FAILED -> new RenderOutcome.Failed(id, requestSha256, problem, evaluations);
      case CANCELLED -> new RenderOutcome.Cancelled(id, requestSha256, evaluations);
    };
  }
}
