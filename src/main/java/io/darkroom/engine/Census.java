package io.darkroom.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts what the engine holds. Engine thread only; allocates, so only where somebody asks. */
final class Census {

  private Census() {}

  static EngineSnapshot of(
      List<ActiveJob> waiting, List<Bucket> buckets, Shelf shelf, long nowNanos) {
    List<EngineSnapshot.BucketRows> rows = new ArrayList<>();
    Set<ActiveJob> jobs = Collections.newSetFromMap(new IdentityHashMap<>());
    jobs.addAll(waiting);
    int slots = 0;
    for (Bucket bucket : buckets) {
      bucket.slots().forEach(slot -> jobs.add(slot.job()));
      slots += bucket.slots().size();
      rows.add(rows(bucket));
    }
    long submitted = waiting.stream().mapToLong(ActiveJob::submittedNanos).min().orElse(nowNanos);
    return new EngineSnapshot(
        slots, waiting.size(), nowNanos - submitted, rows, left(jobs), shelf.census());
  }

  private static EngineSnapshot.BucketRows rows(Bucket bucket) {
    int rows = bucket.slots().stream().mapToInt(Slot::rows).sum();
    return new EngineSnapshot.BucketRows(bucket.networks().card().name(), bucket.sample(), rows);
  }

  private static Map<String, Long> left(Set<ActiveJob> jobs) {
    Map<String, Long> left = new HashMap<>();
    jobs.forEach(job -> left.merge(job.stage().model().name(), job.rowsLeft(), Long::sum));
    return left;
  }
}
