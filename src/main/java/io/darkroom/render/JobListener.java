package io.darkroom.render;

/**
 * Receives what happens to jobs: for the progress topic, metrics and logs. Never on the engine's
 * thread, so that it may encode and send; {@link JobEvent.Settled} on the request's own thread.
 * What it throws is logged and affects neither the job nor other listeners.
 */
@FunctionalInterface
public interface JobListener {

  /** Does nothing. */
  JobListener NONE = event -> {};

  /** Something happened. Must not block for long: later events wait. */
  void happened(JobEvent event);
}
