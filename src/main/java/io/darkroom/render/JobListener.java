package io.darkroom.render;

/**
 * Receives the events of jobs, for the progress topic, metrics and logs. Never called on the
 * engine's thread, so it may encode and send; {@link JobEvent.Settled} is delivered on the
 * request's own thread. Exceptions are logged and affect neither the job nor other listeners.
 */
@FunctionalInterface
public interface JobListener {

  /** Does nothing. */
  JobListener NONE = event -> {};

  /** Receives an event. Must not block for long, because later events wait. */
  void happened(JobEvent event);
}
