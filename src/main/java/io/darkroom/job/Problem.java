package io.darkroom.job;

import java.util.List;

/**
 * The {@code error} of a terminal event.
 *
 * @param kind the class
 * @param message one sentence
 * @param violations every single thing, where there are several
 * @param retryable whether sending the same request again may end otherwise
 */
public record Problem(
    ErrorClass kind, String message, List<Violation> violations, boolean retryable) {

  public Problem {
    violations = List.copyOf(violations);
  }

  /** A problem without a list. */
  public static Problem of(ErrorClass kind, String message, boolean retryable) {
    return new Problem(kind, message, List.of(), retryable);
  }
}
