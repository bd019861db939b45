package io.darkroom.job;

import java.util.List;

/**
 * The {@code error} of a terminal event.
 *
 * @param kind the class
 * @param message one sentence
 * @param violations each violation, where there are several
 */
public record Problem(ErrorClass kind, String message, List<Violation> violations) {

  public Problem {
    violations = List.copyOf(violations);
  }

  /** A problem without a list. */
  public static Problem of(ErrorClass kind, String message) {
    return new Problem(kind, message, List.of());
  }

  /** Whether the same request may succeed when it is sent again. */
  public boolean retryable() {
    return kind.retryable();
  }

  /** An internal error of the worker, which a retry would repeat. */
  public static Problem fault() {
    return of(ErrorClass.INTERNAL, "internal error, see the log of the worker");
  }
}
