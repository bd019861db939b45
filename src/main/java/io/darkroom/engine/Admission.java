package io.darkroom.engine;

import io.darkroom.diffusion.sampler.DamagedState;
import io.darkroom.job.ErrorClass;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns waiting jobs into running images. An image starts when there is a free slot, its package is
 * open, its texts are encoded and there is memory for it. The scheduler gives the order of the
 * jobs. Engine thread only.
 */
final class Admission {
  private final LongSupplier nanoClock;
  private final EngineLimits limits;
  private final CallScheduler scheduler;
  private final ModelCache cache;
  private final Buckets underWay;
  private final Finisher finisher;
  private final HeapShare heap;
  private final TextEncoding texts = new TextEncoding();
  private final PictureEncoding pictures = new PictureEncoding();
  private final List<ActiveJob> waiting = new ArrayList<>();
  private final TenantJobs tenants = new TenantJobs();
  private boolean heapIsFull;
  private int started;

  Admission(
      LongSupplier nanoClock,
      EngineLimits limits,
      CallScheduler scheduler,
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

  /** Returns the jobs with images that have no slot yet; a live view. */
  List<ActiveJob> waiting() {
    return waiting;
  }

  /** Returns the counts of encoded texts. */
  EngineSnapshot.Texts texts() {
    return texts.counts();
  }

  /** Adds a submitted job. */
  void add(ActiveJob job) {
    tenants.add(job);
    waiting.add(job);
  }

  /** Removes the jobs that have ended. */
  void dropEnded(long nowNanos) {
    for (int i = waiting.size() - 1; i >= 0; i--) {
      if (waiting.get(i).endIfDue(nowNanos)) {
        waiting.remove(i);
      }
    }
  }

  /** Removes all jobs. */
  void clear() {
    waiting.clear();
    tenants.clear();
    heap.clear();
  }

  /**
   * Gives free slots to images, and memory to the inputs of waiting jobs.
   *
   * @return number of packages that were opened
   */
  int admit() {
    if (waiting.isEmpty()) {
      return 0;
    }
    long now = nanoClock.getAsLong();
    cache.beginIteration(now);
    if (full()) {
      scheduler.order(waiting, now);
      shareSlots();
    }
    if (full() && !anyInputs()) {
      return cache.opened() ? 1 : 0;
    }
    texts.beginIteration();
    pictures.beginIteration();
    heapIsFull = false;
    while (admitOneEach(now) && !full()) {
      // Each pass gives at most one slot to every waiting job; jobs with the fewest slots come
      // first.
    }
    waiting.removeIf(job -> job.ended() || !job.hasImagesToStart());
    return cache.opened() ? 1 : 0;
  }

  /**
   * Takes a slot from the job with the most slots if a job without one could begin: an image of the
   * large job is paused and keeps its state.
   */
  private void shareSlots() {
    for (int i = 0; i < waiting.size(); i++) {
      ActiveJob job = waiting.get(i);
      if (job.held() > 0 || job.inputs().needsPictures()) {
        continue;
      }
      @Nullable Slot slot = underWay.ofLargest(job.level());
      if (slot != null && heap.hasRoomFor(job) && open(job)) {
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

  /** Starts at most one image of each job. Returns whether an image was started. */
  private boolean admitOneEach(long now) {
    scheduler.order(waiting, now);
    started = 0;
    for (int i = 0; i < waiting.size(); i++) {
      ActiveJob job = waiting.get(i);
      int before = started;
      if (job.inputs().needsPictures()) {
        ask(job);
      } else if (!full() && heapHasRoomFor(job)) {
        cache
            .networksFor(job)
            .ifPresent(networks -> FailurePolicy.attempt(job, () -> start(job, networks)));
      }
      if (started > before && !full()) {
        // The tenant holds one slot more now, so the others may come first.
        scheduler.order(waiting.subList(i + 1, waiting.size()), now);
      }
    }
    return started > 0;
  }

  /** Returns whether the inputs of at least one job may be read now. */
  private boolean anyInputs() {
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).inputs().needsPictures() && !waiting.get(i).begun()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Requests the inputs of a job. This needs no slot, so the inputs are ready when a slot becomes
   * free.
   */
  private void ask(ActiveJob job) {
    if (!job.begun() && heapHasRoomFor(job)) {
      heap.reserve(job);
    }
  }

  private boolean full() {
    return underWay.slots() >= limits.slots();
  }

  private void start(ActiveJob job, Networks networks) {
    texts.encode(job, networks);
    if (job.inputs().needsTexts() || job.ended() || !cache.fits(job, networks)) {
      return;
    }
    pictures.encode(job, networks);
    if (job.inputs().needsEncodings() || job.ended()) {
      return;
    }
    long now = nanoClock.getAsLong();
    if (job.parts().hasPaused()) {
      started++;
      Slot slot = job.resumeImage(now);
      slot.setWaiting(scheduler.kept(job, now), now);
      underWay.add(slot, networks);
    } else if (job.hasImagesToStart()) {
      if (!job.begun()) {
        heap.reserve(job);
      }
      started++;
      start(job, job.startImage(now), networks, now);
    }
  }

  private void start(ActiveJob job, int part, Networks networks, long now) {
    if (job.job().resume(part) instanceof PartState.Sampled sampled) {
      finisher.add(job, part, sampled.sample(), networks);
      return;
    }
    try {
      Slot slot = SlotStarter.start(job, part);
      job.parts().setSampling(part, slot);
      if (slot.trajectory().finished()) {
        finisher.add(job, part, slot.result(), networks);
        return;
      }
      slot.setWaiting(scheduler.kept(job, now), now);
      underWay.add(slot, networks);
    } catch (DamagedState damaged) {
      job.fail(ErrorClass.INTERNAL, String.valueOf(damaged.getMessage()));
    }
  }

  /**
   * Returns whether the heap has room for one more image. If not, the jobs after this one do not
   * begin either, otherwise a large job could wait without end. Jobs that have begun continue,
   * because room is freed when they end.
   */
  private boolean heapHasRoomFor(ActiveJob job) {
    boolean holds = (job.begun() || !heapIsFull) && heap.hasRoomFor(job);
    heapIsFull |= !holds;
    return holds;
  }
}
