package io.darkroom.diffusion;

import java.util.List;

/** A scheduler, option or step list that cannot be used; lists everything that is wrong. */
public final class InvalidSampling extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * One thing that is wrong.
   *
   * @param pointer JSON pointer into the request, e.g. {@code /scheduler/solver_order}
   * @param message the rule and the value, e.g. {@code must be 1, 2 or 3, is 4}
   */
  public record Problem(String pointer, String message) {}

  private final transient List<Problem> problems;

  public InvalidSampling(List<Problem> problems) {
    super(problems.toString());
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, one or more. */
  public List<Problem> problems() {
    return problems;
  }
}
