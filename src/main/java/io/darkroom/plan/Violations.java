package io.darkroom.plan;

import io.darkroom.job.Violation;
import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with one request; then either nothing or all of it is said. */
final class Violations {
  private final List<Violation> found = new ArrayList<>();

  void add(String pointer, String message) {
    found.add(new Violation(pointer, message));
  }

  /** Adds a violation where the rule does not hold. */
  void check(boolean holds, String pointer, String message) {
    if (!holds) {
      add(pointer, message);
    }
  }

  void throwIfAny() throws InvalidPlan {
    if (!found.isEmpty()) {
      throw new InvalidPlan(found);
    }
  }
}
