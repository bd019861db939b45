package io.darkroom.render;

/**
 * Receives the progress of running requests. Never blocks or throws: it drops progress that it
 * cannot take at once.
 */
public interface ProgressSink {

  /** The request's first evaluation is about to run. */
  void started(Progress progress);

  /** Some of the request's evaluations are done. */
  void progressed(Progress progress);
}
