package io.darkroom.kafka;

/**
 * Handles errors after which the worker cannot continue. It ends the process, so that other workers
 * receive the records.
 */
public interface FatalErrors {

  /** Handles an error. Called once per error, on the thread in which it occurred. */
  void fatal(Error error);
}
