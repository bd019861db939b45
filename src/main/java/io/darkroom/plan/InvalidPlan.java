package io.darkroom.plan;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Violation;
import io.darkroom.job.Violations;
import java.util.List;

/** A valid request that this model or this worker cannot do; lists everything that is wrong. */
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

  /** Throws where violations were found. */
  static void throwIfAny(Violations violations) throws InvalidPlan {
    if (!violations.list().isEmpty()) {
      throw new InvalidPlan(violations.list());
    }
  }

  /** A request that a worker of more memory could do. */
  static InvalidPlan capacity(Violation violation) {
    return new InvalidPlan(ErrorClass.CAPACITY, List.of(violation));
  }

  /** {@link ErrorClass#CAPACITY} where memory alone is missing, else {@link ErrorClass#INVALID}. */
  public ErrorClass kind() {
    return kind;
  }

  /** What is wrong, one or more. */
  public List<Violation> violations() {
    return violations;
  }
}
