package io.darkroom.kafka;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The backlog of a group: all records that its workers have not acknowledged, including those that
 * are being rendered.
 *
 * @param models backlog by the name of the model
 * @param uncosted number of waiting requests whose cost is not known
 * @param lag number of records by partition
 */
public record Backlog(Map<String, OfModel> models, double uncosted, Map<TopicPartition, Long> lag) {
  /** Nothing waits. */
  static final Backlog EMPTY = new Backlog(Map.of(), 0, Map.of());

  public Backlog {
    models = Map.copyOf(models);
    lag = Map.copyOf(lag);
  }

  /**
   * The backlog of one model.
   *
   * @param requests number of waiting requests, partly estimated
   * @param deviceSeconds device time for them
   * @param oldest time of publication of the oldest one
   */
  public record OfModel(double requests, double deviceSeconds, Instant oldest) {
    OfModel plus(OfModel other) {
      return new OfModel(
          requests + other.requests,
          deviceSeconds + other.deviceSeconds,
          oldest.isBefore(other.oldest) ? oldest : other.oldest);
    }
  }

  /** Returns the sum of two backlogs. */
  public Backlog plus(Backlog other) {
    Map<String, OfModel> sum = new TreeMap<>(models);
    other.models.forEach((name, more) -> sum.merge(name, more, OfModel::plus));
    Map<TopicPartition, Long> both = new HashMap<>(lag);
    both.putAll(other.lag);
    return new Backlog(sum, uncosted + other.uncosted, both);
  }
}
