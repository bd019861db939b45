package io.darkroom.kafka;

/** Counts control messages; must be quick, and must not throw. */
public interface ControlCounts {

  /** This worker read a withdrawal. */
  void withdrawn();

  /** This worker read a message that it does not know, and keeps it as a dead letter. */
  void unusable();
}
