package io.darkroom.job;

import java.util.List;

/**
 * The error of a terminal event.
 *
 * @param kind the error class
 * @param message one sentence
 * @param violations the violations of an invalid request
 */
public record Problem(ErrorClass kind, String message, List<Violation> violations) {

  public Problem {
    violations = List.copyOf(violations);
  }

  /** Creates a problem without violations. */
  public static Problem of(ErrorClass kind, String message) {
    return new Problem(kind, message, List.of());
  }

  /** Returns whether the unchanged request may succeed when it is sent again. */
  public boolean retryable() {
    return kind.retryable();
  }

  /** Creates the problem of an internal error of the worker, which a retry would repeat. */
  public static Problem fault() {
    return of(ErrorClass.INTERNAL, "internal error, see the log of the worker");
  }
}
