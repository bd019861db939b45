package io.darkroom.kafka;

import java.time.Duration;
import java.util.Optional;

/**
 * Partitions, replicas and retention of new topics.
 *
 * @param partitions partitions of the topics of requests, 1 or more; a topic with fewer gets more
 * @param replicas replicas of every topic; empty for the broker's default
 * @param retention retention of requests, events and dead letters; empty for the broker's default
 */
public record TopicSizes(int partitions, Optional<Short> replicas, Optional<Duration> retention) {
  /** The values for a worker that creates its topics. */
  public static final TopicSizes DEFAULT = new TopicSizes(8, Optional.empty(), Optional.empty());

  /** Checks the bounds. */
  public TopicSizes {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions: must be 1 or more, is " + partitions);
    }
    if (replicas.isPresent() && replicas.get() < 1) {
      throw new IllegalArgumentException("replicas: must be 1 or more, is " + replicas.get());
    }
    if (retention.isPresent() && retention.get().toMillis() < 1) {
      throw new IllegalArgumentException("retention: must be 1ms or more, is " + retention.get());
    }
  }
}
