package io.darkroom.kafka;

/** Takes what no program goes on after: it ends the process, so that others get its records. */
public interface FatalErrors {

  /** Called once per error by the thread that met it. */
  void fatal(Error error);
}
