package io.darkroom.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The images under way, each in the bucket whose calls it can share. Engine thread only. */
final class Buckets {
  private final RowCosts costs;
  private final EngineObserver observer;
  private final Executor others;
  private final LongSupplier nanoClock;
  private final List<Bucket> buckets = new ArrayList<>();
  private int slots;

  /**
   * Nothing under way.
   *
   * @param costs updated after each call
   * @param observer of each call
   * @param others threads that draw noise while the network runs
   */
  Buckets(RowCosts costs, EngineObserver observer, Executor others, LongSupplier nanoClock) {
    this.costs = costs;
    this.observer = observer;
    this.others = others;
    this.nanoClock = nanoClock;
  }

  /** Those there are, to be looked at, and their slots put in order. */
  List<Bucket> all() {
    return buckets;
  }

  /** Images under way. */
  int slots() {
    return slots;
  }

  /** What they take of the Java heap until they are finished pictures. */
  long imageBytes() {
    long taken = 0;
    for (Bucket bucket : buckets) {
      for (Slot slot : bucket.slots()) {
        taken += slot.job().imageBytes();
      }
    }
    return taken;
  }

  /** Whether there are images under way in these networks. */
  boolean use(Networks networks) {
    return buckets.stream()
        .anyMatch(bucket -> bucket.networks() == networks && !bucket.slots().isEmpty());
  }

  /** An image begins. */
  void add(Slot slot, Networks networks) {
    bucket(networks, slot).add(slot);
    slots++;
  }

  /** An image's place is free. */
  void remove(Bucket bucket, int slot) {
    bucket.remove(slot);
    slots--;
  }

  /** An image of the job that holds most slots, two or more, of no higher priority than given. */
  @Nullable Slot ofLargest(int level) {
    Slot largest = null;
    for (Bucket bucket : buckets) {
      for (Slot slot : bucket.slots()) {
        int held = slot.job().held();
        boolean may = held > 1 && slot.job().level() <= level;
        if (may && (largest == null || held > largest.job().held())) {
          largest = slot;
        }
      }
    }
    return largest;
  }

  /** An image gives its slot to another job, and keeps its state. */
  void pause(Slot slot) {
    for (Bucket bucket : buckets) {
      int index = bucket.slots().indexOf(slot);
      if (index >= 0) {
        remove(bucket, index);
        slot.job().parts().pause(slot);
        return;
      }
    }
  }

  /** Frees the places of images whose jobs are over. */
  void dropEnded(long nowNanos) {
    for (int i = buckets.size() - 1; i >= 0; i--) {
      Bucket bucket = buckets.get(i);
      for (int j = bucket.slots().size() - 1; j >= 0; j--) {
        if (bucket.slots().get(j).job().over(nowNanos)) {
          remove(bucket, j);
        }
      }
    }
  }

  /** Releases the calls of networks that are about to be closed and not in use. */
  void release(Networks networks) {
    drop(bucket -> bucket.networks() == networks);
  }

  /** Forgets everything. */
  void clear() {
    drop(bucket -> true);
    slots = 0;
  }

  private void drop(Predicate<Bucket> which) {
    buckets.stream().filter(which).forEach(Bucket::close);
    buckets.removeIf(which);
  }

  private Bucket bucket(Networks networks, Slot slot) {
    for (Bucket bucket : buckets) {
      if (bucket.holds(networks, slot.shape())) {
        return bucket;
      }
    }
    drop(bucket -> bucket.slots().isEmpty());
    RowCosts.Cost cost = costs.of(networks.card().name(), slot.shape());
    Bucket bucket =
        new Bucket(networks, slot.shape(), cost, statistics(networks), others, nanoClock);
    buckets.add(bucket);
    return bucket;
  }

  private CallStatistics statistics(Networks networks) {
    return new CallStatistics(observer, networks.card().name());
  }
}
