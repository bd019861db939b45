package io.darkroom.kafka;

import java.time.Duration;
import java.util.Optional;

/**
 * What new topics get.
 *
 * @param partitions of the topic of requests, 1 or more; also added to a topic that has fewer
 * @param replicas of every topic; empty for the broker's default
 * @param retention of requests, events and dead letters; empty for the broker's default
 */
public record TopicSizes(int partitions, Optional<Short> replicas, Optional<Duration> retention) {
  /** What a worker that creates its topics itself gives them. */
  public static final TopicSizes DEFAULT = new TopicSizes(8, Optional.empty(), Optional.empty());

  /** Refuses sizes that no topic can have. */
  public TopicSizes {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions: must be 1 or more, are " + partitions);
    }
    if (replicas.isPresent() && replicas.get() < 1) {
      throw new IllegalArgumentException("replicas: must be 1 or more, are " + replicas.get());
    }
    if (retention.isPresent() && retention.get().toMillis() < 1) {
      throw new IllegalArgumentException("retention: must be 1ms or more, is " + retention.get());
    }
  }
}
