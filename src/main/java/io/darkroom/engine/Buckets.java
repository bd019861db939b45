package io.darkroom.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The running images, each in the bucket whose calls it can share. Engine thread only. */
final class Buckets {
  private final RowCosts costs;
  private final EngineObserver observer;
  private final Executor others;
  private final LongSupplier nanoClock;
  private final List<Bucket> buckets = new ArrayList<>();
  private int slots;

  /**
   * Creates an empty set of buckets.
   *
   * @param costs costs of rows, updated after each call
   * @param observer receives each call
   * @param others threads that draw noise while the network runs
   */
  Buckets(RowCosts costs, EngineObserver observer, Executor others, LongSupplier nanoClock) {
    this.costs = costs;
    this.observer = observer;
    this.others = others;
    this.nanoClock = nanoClock;
  }

  /** Returns all buckets; a live view. The caller may only change the order of their slots. */
  List<Bucket> all() {
    return buckets;
  }

  /** Returns the number of running images. */
  int slots() {
    return slots;
  }

  /** Bytes of the Java heap for the running images until they are finished pictures. */
  long imageBytes() {
    long taken = 0;
    for (Bucket bucket : buckets) {
      for (Slot slot : bucket.slots()) {
        taken += slot.job().imageBytes();
      }
    }
    return taken;
  }

  /** Returns whether images are running on these networks. */
  boolean uses(Networks networks) {
    return buckets.stream()
        .anyMatch(bucket -> bucket.networks() == networks && !bucket.slots().isEmpty());
  }

  /** Adds the slot of an image. */
  void add(Slot slot, Networks networks) {
    bucket(networks, slot).add(slot);
    slots++;
  }

  /** Removes the slot of an image. */
  void remove(Bucket bucket, int slot) {
    bucket.remove(slot);
    slots--;
    for (int i = 0; i < buckets.size(); i++) {
      buckets.get(i).rest();
    }
  }

  /**
   * Moves the slot of an image to the bucket of its next pass. If that is not possible, the job
   * ends.
   *
   * @throws DeviceFailure if the device is lost
   */
  void move(Bucket from, int index) {
    Slot slot = from.slots().get(index);
    from.remove(index);
    slots--;
    try {
      add(slot, from.networks());
    } catch (DeviceFailure failure) {
      FailurePolicy.end(slot.job(), failure);
    } catch (RuntimeException fault) {
      FailurePolicy.endFaulty(slot.job(), fault);
    }
  }

  /**
   * Returns an image of the job with the most slots, at least two, if its priority is not higher
   * than the given one.
   */
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

  /** Pauses an image: it gives its slot to another job and keeps its state. */
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

  /** Removes the images of jobs that have ended. */
  void dropEnded(long nowNanos) {
    for (int i = buckets.size() - 1; i >= 0; i--) {
      Bucket bucket = buckets.get(i);
      for (int j = bucket.slots().size() - 1; j >= 0; j--) {
        if (bucket.slots().get(j).job().endIfDue(nowNanos)) {
          remove(bucket, j);
        }
      }
    }
  }

  /** Releases the calls of networks that are unused and are about to be closed. */
  void release(Networks networks) {
    drop(bucket -> bucket.networks() == networks);
  }

  /** Removes everything. */
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
      if (bucket.accepts(networks, slot)) {
        return bucket;
      }
    }
    drop(Bucket::atRest);
    RowCosts.Cost cost = costs.of(slot.pass().costName(networks.card().name()), slot.shape());
    Bucket bucket =
        new Bucket(
            networks,
            slot.shape(),
            slot.tokens(),
            slot.adapter(),
            slot.pass(),
            cost,
            statistics(networks),
            others,
            nanoClock);
    buckets.add(bucket);
    return bucket;
  }

  private CallStatistics statistics(Networks networks) {
    return new CallStatistics(observer, networks.card().name());
  }
}
