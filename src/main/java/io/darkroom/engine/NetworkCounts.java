package io.darkroom.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts what the engine holds. Engine thread only; allocates, so only where somebody asks. */
final class NetworkCounts {

  private NetworkCounts() {}

  static EngineSnapshot of(
      List<ActiveJob> waiting,
      List<Bucket> buckets,
      ModelCache cache,
      RowCosts costs,
      long nowNanos) {
    List<EngineSnapshot.BucketRows> rows = new ArrayList<>();
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

  private static EngineSnapshot.BucketRows rows(Bucket bucket) {
    int rows = bucket.slots().stream().mapToInt(Slot::rows).sum();
    return new EngineSnapshot.BucketRows(bucket.networks().card().name(), bucket.sample(), rows);
  }

  private static Map<String, Double> backlog(Set<ActiveJob> jobs, RowCosts costs) {
    Map<String, Double> seconds = new HashMap<>();
    for (ActiveJob job : jobs) {
      seconds.merge(job.stage().model().name(), costs.nanosLeft(job) / 1e9, Double::sum);
    }
    return seconds;
  }
}
