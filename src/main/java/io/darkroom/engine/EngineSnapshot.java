package io.darkroom.engine;

import io.darkroom.model.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the engine held between two turns.
 *
 * @param slotsInUse images under way
 * @param waiting requests with images that have no slot yet
 * @param oldestWaitNanos since the longest waiting of them was submitted; 0 where none waits
 * @param buckets what shares calls now
 * @param backlogSeconds of the device that all of it still needs, by the package's name
 * @param models the packages, by name
 */
public record EngineSnapshot(
    int slotsInUse,
    int waiting,
    long oldestWaitNanos,
    List<BucketRows> buckets,
    Map<String, Double> backlogSeconds,
    Map<String, Model> models) {
  /** An engine that does nothing. */
  public static final EngineSnapshot IDLE =
      new EngineSnapshot(0, 0, 0, List.of(), Map.of(), Map.of());

  public EngineSnapshot {
    buckets = List.copyOf(buckets);
    backlogSeconds = Map.copyOf(backlogSeconds);
    models = Map.copyOf(models);
  }

  /**
   * One package.
   *
   * @param bytes of memory that it takes; 0 where it is closed
   * @param loads times that it was opened
   */
  public record Model(long bytes, long loads) {}

  /**
   * One bucket.
   *
   * @param model the package's name
   * @param sample {@code [C, H, W]}
   * @param rows that wait for their next evaluation
   */
  public record BucketRows(String model, Shape sample, int rows) {}

  /** What the engine holds now. Engine thread only. */
  static EngineSnapshot of(
      List<ActiveJob> waiting,
      List<Bucket> buckets,
      ModelCache cache,
      RowCosts costs,
      long nowNanos) {
    List<BucketRows> rows = new ArrayList<>();
    int slots = 0;
    for (Bucket bucket : buckets) {
      slots += bucket.slots().size();
      rows.add(rows(bucket));
    }
    long submitted = waiting.stream().mapToLong(ActiveJob::submittedNanos).min().orElse(nowNanos);
    return new EngineSnapshot(
        slots,
        waiting.size(),
        nowNanos - submitted,
        rows,
        backlog(jobs(waiting, buckets), costs),
        cache.counts());
  }

  /** Every job that waits or has images under way, once. */
  static Set<ActiveJob> jobs(List<ActiveJob> waiting, List<Bucket> buckets) {
    Set<ActiveJob> jobs = Collections.newSetFromMap(new IdentityHashMap<>());
    jobs.addAll(waiting);
    buckets.forEach(bucket -> bucket.slots().forEach(slot -> jobs.add(slot.job())));
    return jobs;
  }

  private static BucketRows rows(Bucket bucket) {
    int rows = bucket.slots().stream().mapToInt(Slot::rows).sum();
    return new BucketRows(bucket.networks().card().name(), bucket.sample(), rows);
  }

  private static Map<String, Double> backlog(Set<ActiveJob> jobs, RowCosts costs) {
    Map<String, Double> seconds = new HashMap<>();
    for (ActiveJob job : jobs) {
      seconds.merge(job.stage().model().name(), costs.nanosLeft(job) / 1e9, Double::sum);
    }
    return seconds;
  }
}
