package io.darkroom.plan;

import io.darkroom.job.Violation;
import java.util.List;

/** A valid request that this model or this worker cannot do; lists everything that is wrong. */
public final class InvalidPlan extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<Violation> violations;

  public InvalidPlan(List<Violation> violations) {
    super(violations.toString());
    this.violations = List.copyOf(violations);
  }

  /** What is wrong, one or more. */
  public List<Violation> violations() {
    return violations;
  }
}
