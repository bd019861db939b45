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
 * The state of the engine between two iterations.
 *
 * @param slotsInUse running images
 * @param waiting requests with images that have no slot yet
 * @param oldestWaitNanos time since the submission of the oldest of them; 0 if none waits
 * @param buckets the buckets and their waiting rows
 * @param backlogSeconds device time that all requests still need, by name of the package
 * @param models state of the packages, by name
 * @param texts encoded texts since the start
 */
public record EngineSnapshot(
    int slotsInUse,
    int waiting,
    long oldestWaitNanos,
    List<BucketRows> buckets,
    Map<String, Double> backlogSeconds,
    Map<String, Model> models,
    Texts texts) {
  /** The state of an idle engine. */
  public static final EngineSnapshot IDLE =
      new EngineSnapshot(0, 0, 0, List.of(), Map.of(), Map.of(), new Texts(0, 0, 0));

  public EngineSnapshot {
    buckets = List.copyOf(buckets);
    backlogSeconds = Map.copyOf(backlogSeconds);
    models = Map.copyOf(models);
  }

  /**
   * State of one package.
   *
   * @param bytes memory that it uses; 0 if it is closed
   * @param loads how often it was opened
   */
  public record Model(long bytes, long loads) {}

  /**
   * Texts of requests.
   *
   * @param encoded texts for which a text encoder was run
   * @param reused texts that were already encoded
   * @param bytes bytes of the Java heap for encoded texts
   */
  public record Texts(long encoded, long reused, long bytes) {}

  /**
   * State of one bucket.
   *
   * @param model name of the package
   * @param sample shape {@code [C, H, W]}
   * @param rows rows that wait for their next evaluation
   */
  public record BucketRows(String model, Shape sample, int rows) {}

  /** Takes a snapshot. Engine thread only. */
  static EngineSnapshot of(
      Admission admission, List<Bucket> buckets, ModelCache cache, RowCosts costs, long nowNanos) {
    List<ActiveJob> waiting = admission.waiting();
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
        cache.counts(),
        admission.texts());
  }

  /** Returns every job that waits or has running images, once. */
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
      seconds.merge(job.stage().model().name(), costs.nanosOfStage(job) / 1e9, Double::sum);
    }
    return seconds;
  }
}
