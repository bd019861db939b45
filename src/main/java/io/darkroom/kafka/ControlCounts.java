package io.darkroom.kafka;

/** Counts control messages. Implementations must return quickly and must not throw. */
public interface ControlCounts {

  /** This worker read a cancellation. */
  void cancelled();

  /** This worker read an unrecognised message and publishes it as a dead letter. */
  void unusable();
}
