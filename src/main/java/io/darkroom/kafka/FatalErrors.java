package io.darkroom.kafka;

/**
 * Handles errors after which the worker cannot continue: it ends the process, so that other workers
 * receive its records.
 */
public interface FatalErrors {

  /** Called once per error, by the thread in which it occurred. */
  void fatal(Error error);
}
