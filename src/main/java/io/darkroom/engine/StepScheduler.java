package io.darkroom.engine;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which bucket runs next, and which of its slots. A pure function of what waits and of the time.
 *
 * <p>Between buckets: the one whose most urgent slot has the highest priority, raised by one level
 * per {@code ageing} of waiting so that nothing waits for ever; then the nearest deadline; then the
 * bucket that was not called for longest. Within a bucket the same, and then first come, first
 * served: finishing what was begun first keeps the mean latency low.
 */
final class StepScheduler {
  private final long ageingNanos;

  StepScheduler(long ageingNanos) {
    this.ageingNanos = ageingNanos;
  }

  /** The bucket to run; its slots are put in the order they should be served. */
  @Nullable Bucket choose(List<Bucket> buckets, long nowNanos) {
    Bucket best = null;
    for (int i = 0; i < buckets.size(); i++) {
      Bucket bucket = buckets.get(i);
      if (bucket.slots().isEmpty()) {
        continue;
      }
      order(bucket.slots(), nowNanos);
      if (best == null || compare(bucket, best, nowNanos) < 0) {
        best = bucket;
      }
    }
    return best;
  }

  /** How many slots from the front fit into one call. */
  int fitting(Bucket bucket) {
    int most = bucket.mostRows();
    int rows = 0;
    int count = 0;
    while (count < bucket.slots().size() && rows + bucket.slots().get(count).rows() <= most) {
      rows += bucket.slots().get(count++).rows();
    }
    return count;
  }

  private int compare(Bucket a, Bucket b, long nowNanos) {
    int urgency = urgency(a.slots().get(0), b.slots().get(0), nowNanos);
    return urgency != 0 ? urgency : Long.compare(a.lastCallNanos(), b.lastCallNanos());
  }

  /** Insertion sort: the order hardly changes from tick to tick, and nothing is allocated. */
  private void order(List<Slot> slots, long nowNanos) {
    for (int i = 1; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      int j = i;
      for (; j > 0 && before(slot, slots.get(j - 1), nowNanos); j--) {
        slots.set(j, slots.get(j - 1));
      }
      slots.set(j, slot);
    }
  }

  private boolean before(Slot a, Slot b, long nowNanos) {
    int urgency = urgency(a, b, nowNanos);
    return urgency < 0 || (urgency == 0 && a.job().order() < b.job().order());
  }

  private int urgency(Slot a, Slot b, long nowNanos) {
    int levels = Long.compare(level(b, nowNanos), level(a, nowNanos));
    return levels != 0 ? levels : Long.compare(a.job().deadlineNanos(), b.job().deadlineNanos());
  }

  private long level(Slot slot, long nowNanos) {
    return slot.job().job().priority() + (nowNanos - slot.waitingSinceNanos()) / ageingNanos;
  }

  /** Jobs in the order in which their images get slots. */
  static Comparator<ActiveJob> admission() {
    return Comparator.<ActiveJob>comparingInt(job -> -job.job().priority())
        .thenComparingLong(ActiveJob::order);
  }
}
