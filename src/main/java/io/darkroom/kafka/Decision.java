package io.darkroom.kafka;

import io.darkroom.job.Problem;
import io.darkroom.render.Settlement;
import java.time.Duration;

/** The decision on a record after one try to settle it. */
sealed interface Decision {

  /** The request has an outcome. */
  record Settled(Settlement settlement) implements Decision {}

  /**
   * The request is tried again later. Until then it does not occupy a thread of the worker.
   *
   * @param tries failed tries so far, over all workers
   * @param delay delay before the record is published to the topic of requests again
   * @param problem the reason for the delay
   */
  record Postponed(int tries, Duration delay, Problem problem) implements Decision {}
}
