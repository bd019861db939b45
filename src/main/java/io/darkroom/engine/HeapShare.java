package io.darkroom.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The part of the Java heap that is for images, and what is taken of it: by images under way, by
 * samples that wait to be decoded, and by all pictures of every job that has begun, the one that it
 * begins with too. Those are counted from the job's begin on, read and finished or not: so a job
 * that has begun waits for no other one's end, and jobs that each hold half of their pictures never
 * wait for each other. Engine thread only.
 */
final class HeapShare {
  private final long most;
  private final Buckets underWay;
  private final Finisher finisher;
  private final List<PictureHold> begun = new ArrayList<>();
  private final List<ActiveJob> reading = new ArrayList<>();

  /**
   * @param most bytes
   */
  HeapShare(long most, Buckets underWay, Finisher finisher) {
    this.most = most;
    this.underWay = underWay;
    this.finisher = finisher;
  }

  /**
   * Whether one more image of a job fits; the first one of a job that has begun does, its room is
   * kept while its inputs are read. A job that is too large for all of it begins when no other job
   * holds memory, and continues, like every other one, when no image is under way.
   */
  boolean holds(ActiveJob job) {
    if (job.begun() && !job.started()) {
      return true;
    }
    begun.removeIf(PictureHold::over);
    reading.removeIf(each -> each.started() || each.ended());
    long working = underWay.imageBytes() + finisher.imageBytes();
    long taken = working + kept();
    if (job.begun()) {
      return working == 0 || job.imageBytes() <= most - taken;
    }
    return taken == 0 || job.imageBytes() + job.hold().bytes() <= most - taken;
  }

  /**
   * A job's first image is about to begin, or its inputs to be read; nothing is counted where there
   * is no bound.
   */
  void begins(ActiveJob job) {
    job.begin();
    if (most < Long.MAX_VALUE) {
      begun.add(job.hold());
      reading.add(job);
    }
  }

  /** Forgets all that was taken. */
  void clear() {
    begun.clear();
    reading.clear();
  }

  private long kept() {
    long kept = 0;
    for (PictureHold hold : begun) {
      kept += hold.bytes();
    }
    for (ActiveJob job : reading) {
      kept += job.imageBytes();
    }
    return kept;
  }
}
