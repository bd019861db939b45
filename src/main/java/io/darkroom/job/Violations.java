package io.darkroom.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects the violations of one request so that all of them are reported together. */
public final class Violations {
  private final List<Violation> found;
  private final String prefix;

  public Violations() {
    this(new ArrayList<>(), "");
  }

  private Violations(List<Violation> found, String prefix) {
    this.found = found;
    this.prefix = prefix;
  }

  /**
   * Returns a view that adds violations to the same list, with pointers relative to a part of the
   * request, e.g. {@code /then/0}.
   */
  public Violations under(String part) {
    return new Violations(found, prefix + part);
  }

  /** Adds a violation. */
  public void add(String pointer, String message) {
    found.add(new Violation(prefix + pointer, message));
  }

  /** Adds a violation if the rule does not hold. */
  public void check(boolean holds, String pointer, String message) {
    if (!holds) {
      add(pointer, message);
    }
  }

  /** Adds a violation if the rule does not hold. The message is made only if needed. */
  public void check(boolean holds, String pointer, Supplier<String> message) {
    if (!holds) {
      add(pointer, message.get());
    }
  }

  /** Returns the violations so far, in the order in which they were added. */
  public List<Violation> list() {
    return List.copyOf(found);
  }
}
