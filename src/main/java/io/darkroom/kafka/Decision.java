package io.darkroom.kafka;

import io.darkroom.job.Problem;
import io.darkroom.render.Settlement;
import java.time.Duration;

/** What was decided for a record. */
sealed interface Decision {

  /** The request has an outcome. */
  record Settled(Settlement settlement) implements Decision {}

  /**
   * The request is tried again later, and does not occupy a place until then.
   *
   * @param tries failed tries so far, over all workers
   * @param delay until the record is published to the topic of requests again
   * @param problem why it is postponed
   */
  record Postponed(int tries, Duration delay, Problem problem) implements Decision {}
}
