package io.darkroom.render;

/**
 * Takes progress of requests under way. Never blocks and never throws: what it cannot take at once
 * is dropped.
 */
public interface ProgressSink {

  /** The request's first evaluation is about to run. */
  void started(Progress progress);

  /** Some of the request's evaluations are done. */
  void progressed(Progress progress);
}
