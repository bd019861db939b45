package io.darkroom.faults;

/** A scenario did not get where it had to. */
final class MissedGoal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissedGoal(String message) {
    super(message);
  }
}
