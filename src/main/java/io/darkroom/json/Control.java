package io.darkroom.json;

import io.darkroom.job.JobId;

/** The content of a control message. */
public sealed interface Control {

  /** Cancels a request. */
  record Cancel(JobId id) implements Control {}

  /**
   * An unreadable or unknown message.
   *
   * @param reason one sentence
   */
  record Unusable(String reason) implements Control {}
}
