package io.darkroom.faults;

/** Thrown if a scenario misses a goal. */
final class MissedGoal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissedGoal(String message) {
    super(message);
  }
}
