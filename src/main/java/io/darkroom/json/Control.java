package io.darkroom.json;

import io.darkroom.job.JobId;

/** What the bytes of a control message turned out to be. */
public sealed interface Control {

  /** A request is withdrawn. */
  record Cancel(JobId id) implements Control {}

  /**
   * Nothing that a worker knows.
   *
   * @param reason one sentence
   */
  record Unusable(String reason) implements Control {}
}
