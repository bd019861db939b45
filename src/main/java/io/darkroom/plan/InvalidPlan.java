package io.darkroom.plan;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Violation;
import io.darkroom.job.Violations;
import java.util.List;

/**
 * Thrown if a valid request cannot be rendered with this model or on this worker. Lists all
 * violations.
 */
public final class InvalidPlan extends Exception {
  private static final long serialVersionUID = 1L;
  private final ErrorClass kind;
  private final transient List<Violation> violations;

  public InvalidPlan(List<Violation> violations) {
    this(ErrorClass.INVALID, violations);
  }

  private InvalidPlan(ErrorClass kind, List<Violation> violations) {
    super(violations.toString());
    this.kind = kind;
    this.violations = List.copyOf(violations);
  }

  /** Throws if there are violations. */
  static void throwIfAny(Violations violations) throws InvalidPlan {
    if (!violations.list().isEmpty()) {
      throw new InvalidPlan(violations.list());
    }
  }

  /** Creates the error of a request that a worker with more memory could render. */
  static InvalidPlan capacity(Violation violation) {
    return new InvalidPlan(ErrorClass.CAPACITY, List.of(violation));
  }

  /**
   * Returns {@link ErrorClass#CAPACITY} if only memory is missing, else {@link ErrorClass#INVALID}.
   */
  public ErrorClass kind() {
    return kind;
  }

  /** Returns the violations, one or more. */
  public List<Violation> violations() {
    return violations;
  }
}
