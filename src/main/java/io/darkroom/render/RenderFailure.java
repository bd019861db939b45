package io.darkroom.render;

import io.darkroom.engine.StageOutcome;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Violation;
import io.darkroom.plan.InvalidPlan;
import java.util.List;
import java.util.function.BiFunction;

/** Thrown if a job ends without results. Contains the outcome. */
final class RenderFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient BiFunction<String, String, RenderOutcome> outcome;

  private RenderFailure(String message, BiFunction<String, String, RenderOutcome> outcome) {
    super(message);
    this.outcome = outcome;
  }

  static RenderFailure rejected(ErrorClass kind, String message, List<Violation> violations) {
    Problem problem = new Problem(kind, message, violations);
    return new RenderFailure(
        message, (id, sha256) -> new RenderOutcome.Rejected(id, sha256, problem));
  }

  static RenderFailure invalid(List<Violation> violations) {
    return rejected(ErrorClass.INVALID, count(violations), violations);
  }

  /**
   * Creates the failure of a request that cannot be planned because it is invalid or needs too much
   * memory.
   */
  static RenderFailure unplannable(InvalidPlan plan) {
    return rejected(plan.kind(), count(plan.violations()), plan.violations());
  }

  /** Creates the failure of a request whose input image is too large. */
  static RenderFailure tooLargeInput(InvalidPlan plan) {
    ErrorClass kind = plan.kind() == ErrorClass.INVALID ? ErrorClass.INPUT : plan.kind();
    Violation first = plan.violations().get(0);
    return failed(kind, first.pointer() + ": " + first.message());
  }

  static RenderFailure failed(ErrorClass kind, String message) {
    return failed(Problem.of(kind, message), 0);
  }

  /**
   * Creates the failure of a stage that the engine could not finish.
   *
   * @param stage name of the stage in the message; empty if the request has only one
   */
  static RenderFailure broken(StageOutcome.Broken broken, String stage) {
    return failed(Problem.of(broken.kind(), stage + broken.message()), broken.evaluations());
  }

  /**
   * Creates the failure of a stage that the engine stopped.
   *
   * @throws Unsettled if the engine was drained or closed, because another worker decides the
   *     outcome
   */
  static RenderFailure stopped(StageOutcome.Stopped stopped) {
    return switch (stopped.reason()) {
      case CANCELLED -> cancelled(stopped.evaluations());
      case DRAINED, CLOSED ->
          throw new Unsettled("the worker shut down before the request was rendered");
    };
  }

  /**
   * Creates the failure of a request that its publisher cancelled.
   *
   * @param evaluations number of network evaluations up to the cancellation
   */
  static RenderFailure cancelled(long evaluations) {
    return new RenderFailure(
        "cancelled", (id, sha256) -> new RenderOutcome.Cancelled(id, sha256, evaluations));
  }

  private static RenderFailure failed(Problem problem, long evaluations) {
    return new RenderFailure(
        problem.message(),
        (id, sha256) -> new RenderOutcome.Failed(id, sha256, problem, evaluations));
  }

  static String count(List<Violation> violations) {
    int many = violations.size();
    return many == 1 ? "the request has 1 violation" : "the request has " + many + " violations";
  }

  /** Returns the outcome of the request with this id and digest. */
  RenderOutcome outcome(String id, String requestSha256) {
    return outcome.apply(id, requestSha256);
  }
}
