package io.darkroom.job;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with one request, so that all of it is reported at once. */
public final class Violations {
  private final List<Violation> found = new ArrayList<>();

  /** Adds a violation. */
  public void add(String pointer, String message) {
    found.add(new Violation(pointer, message));
  }

  /** Adds a violation where the rule does not hold. */
  public void check(boolean holds, String pointer, String message) {
    if (!holds) {
      add(pointer, message);
    }
  }

  /** The violations so far, in the order in which they were found. */
  public List<Violation> list() {
    return List.copyOf(found);
  }
}
