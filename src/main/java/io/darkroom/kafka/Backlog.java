package io.darkroom.kafka;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What waits for the workers of a group: every record that they have not acknowledged, those that
 * are being rendered too.
 *
 * @param models by the model's name
 * @param uncosted requests that wait and whose cost is not known
 * @param lag records by partition
 */
public record Backlog(Map<String, OfModel> models, double uncosted, Map<Integer, Long> lag) {
  public Backlog {
    models = Map.copyOf(models);
    lag = Map.copyOf(lag);
  }

  /**
   * Requests for one model.
   *
   * @param requests that wait, in part estimated
   * @param deviceSeconds that they take
   * @param oldest when the oldest of them was published
   */
  public record OfModel(double requests, double deviceSeconds, Instant oldest) {
    OfModel plus(OfModel other) {
      return new OfModel(
          requests + other.requests,
          deviceSeconds + other.deviceSeconds,
          oldest.isBefore(other.oldest) ? oldest : other.oldest);
    }
  }

  /** The backlog of two groups of partitions. */
  Backlog plus(Backlog other) {
    Map<String, OfModel> sum = new TreeMap<>(models);
    other.models.forEach((name, more) -> sum.merge(name, more, OfModel::plus));
    Map<Integer, Long> both = new TreeMap<>(lag);
    both.putAll(other.lag);
    return new Backlog(sum, uncosted + other.uncosted, both);
  }
}
