package io.darkroom.engine;

import io.darkroom.diffusion.sampler.DamagedState;
import io.darkroom.job.ErrorClass;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way from a job that waits to images under way: in the order of the jobs' turns, where there
 * is a free slot, the package is open, its texts are encoded and memory allows. Engine thread only.
 */
final class Admission {
  private final LongSupplier nanoClock;
  private final EngineLimits limits;
  private final StepScheduler scheduler;
  private final ModelCache cache;
  private final Buckets underWay;
  private final Finisher finisher;
  private final HeapShare heap;
  private final TextEncoding texts = new TextEncoding();
  private final List<ActiveJob> waiting = new ArrayList<>();
  private boolean heapIsFull;
  private int started;

  Admission(
      LongSupplier nanoClock,
      EngineLimits limits,
      StepScheduler scheduler,
      ModelCache cache,
      Buckets underWay,
      Finisher finisher) {
    this.nanoClock = nanoClock;
    this.limits = limits;
    this.scheduler = scheduler;
    this.cache = cache;
    this.underWay = underWay;
    this.finisher = finisher;
    this.heap = new HeapShare(limits.imageBytes(), underWay, finisher);
  }

  /** Jobs with images that are not under way yet, to be looked at. */
  List<ActiveJob> waiting() {
    return waiting;
  }

  /** A job came in. */
  void add(ActiveJob job) {
    waiting.add(job);
  }

  /** Forgets the jobs that are over. */
  void dropEnded(long nowNanos) {
    for (int i = waiting.size() - 1; i >= 0; i--) {
      if (waiting.get(i).over(nowNanos)) {
        waiting.remove(i);
      }
    }
  }

  /** Forgets every job. */
  void clear() {
    waiting.clear();
    heap.clear();
  }

  /**
   * Gives free slots to images, and memory to the inputs of those to come.
   *
   * @return packages that were opened for it
   */
  int admit() {
    if (waiting.isEmpty()) {
      return 0;
    }
    long now = nanoClock.getAsLong();
    cache.turn(now);
    if (full()) {
      scheduler.order(waiting, now);
      shareSlots();
    }
    if (full() && !anyInputs()) {
      return cache.opened() ? 1 : 0;
    }
    texts.turn();
    heapIsFull = false;
    while (admitOneEach(now) && !full()) {
      // Each pass gives every waiting job one slot at most, those that hold fewest first.
    }
    waiting.removeIf(job -> job.ended() || !job.hasImagesToStart());
    return cache.opened() ? 1 : 0;
  }

  /**
   * Takes a slot from the job that holds most, where a job that holds none could begin: an image of
   * the large one is paused and keeps its state.
   */
  private void shareSlots() {
    for (int i = 0; i < waiting.size(); i++) {
      ActiveJob job = waiting.get(i);
      if (job.held() > 0 || job.needsInputs()) {
        continue;
      }
      @Nullable Slot slot = underWay.ofLargest(job.level());
      if (slot != null && heap.holds(job) && open(job)) {
        underWay.pause(slot);
        if (!waiting.contains(slot.job())) {
          waiting.add(slot.job());
        }
      }
      return;
    }
  }

  private boolean open(ActiveJob job) {
    return cache.networksFor(job).filter(networks -> cache.fits(job, networks)).isPresent();
  }

  /** Starts at most one image of each job; whether one was started. */
  private boolean admitOneEach(long now) {
    scheduler.order(waiting, now);
    started = 0;
    for (int i = 0; i < waiting.size(); i++) {
      ActiveJob job = waiting.get(i);
      if (job.needsInputs()) {
        ask(job);
      } else if (!full() && heapHolds(job)) {
        cache
            .networksFor(job)
            .ifPresent(networks -> FailurePolicy.attempt(job, () -> start(job, networks)));
      }
    }
    return started > 0;
  }

  /** Whether inputs could be asked for. */
  private boolean anyInputs() {
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).needsInputs() && !waiting.get(i).begun()) {
        return true;
      }
    }
    return false;
  }

  /** Reading takes no slot, so that it is done by the time that there is one. */
  private void ask(ActiveJob job) {
    if (!job.begun() && heapHolds(job)) {
      heap.begins(job);
    }
  }

  private boolean full() {
    return underWay.slots() >= limits.slots();
  }

  private void start(ActiveJob job, Networks networks) {
    texts.encode(job, networks);
    if (job.needsTexts() || job.ended() || !cache.fits(job, networks)) {
      return;
    }
    long now = nanoClock.getAsLong();
    if (job.parts().hasPaused()) {
      started++;
      Slot slot = job.resumeImage(now);
      slot.waits(scheduler.kept(job, now), now);
      underWay.add(slot, networks);
    } else if (job.hasImagesToStart()) {
      if (!job.begun()) {
        heap.begins(job);
      }
      started++;
      start(job, job.startImage(now), networks, now);
    }
  }

  private void start(ActiveJob job, int image, Networks networks, long now) {
    if (job.job().resume(image) instanceof PartState.Sampled sampled) {
      finisher.add(job, image, sampled.sample(), networks);
      return;
    }
    try {
      Slot slot = SlotStarter.start(job, image);
      job.parts().sampling(image, slot);
      if (slot.trajectory().finished()) {
        finisher.add(job, image, slot.result(), networks);
        return;
      }
      slot.waits(scheduler.kept(job, now), now);
      underWay.add(slot, networks);
    } catch (DamagedState damaged) {
      job.broken(ErrorClass.INTERNAL, String.valueOf(damaged.getMessage()));
    }
  }

  /**
   * Whether one more image fits. Where not, the jobs behind do not begin either, or a large one
   * never would; those that have begun go on, since room comes from their ends.
   */
  private boolean heapHolds(ActiveJob job) {
    boolean holds = (job.begun() || !heapIsFull) && heap.holds(job);
    heapIsFull |= !holds;
    return holds;
  }
}
