package io.darkroom.diffusion;

import java.util.List;

/** Thrown if a scheduler, an option or a list of steps cannot be used. Lists every problem. */
public final class InvalidSampling extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * One problem.
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

  /** Returns the problems, one or more. */
  public List<Problem> problems() {
    return problems;
  }
}
