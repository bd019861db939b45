package io.darkroom.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Accounts for the part of the Java heap that is reserved for images: running images, samples that
 * wait for decoding, and all pictures of every job that has begun. The pictures are counted from
 * the begin of a job on, whether they are read or finished or not. So a job that has begun has its
 * memory until it ends, and two jobs cannot block each other with half of their pictures. Engine
 * thread only.
 */
final class HeapShare {
  private final long most;
  private final Buckets underWay;
  private final Finisher finisher;
  private final List<PictureHold> begun = new ArrayList<>();
  private final List<ActiveJob> reading = new ArrayList<>();

  /**
   * @param most size of the share in bytes
   */
  HeapShare(long most, Buckets underWay, Finisher finisher) {
    this.most = most;
    this.underWay = underWay;
    this.finisher = finisher;
  }

  /**
   * Returns whether one more image of a job fits. The first image of a begun job always fits,
   * because its memory is reserved. A job that is larger than the whole share begins when no other
   * job holds memory; its images run one after the other.
   */
  boolean hasRoomFor(ActiveJob job) {
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
   * Reserves the memory of a job before its inputs are read or its first image starts. Without a
   * limit, nothing is counted.
   */
  void reserve(ActiveJob job) {
    job.begin();
    if (most < Long.MAX_VALUE) {
      begun.add(job.hold());
      reading.add(job);
    }
  }

  /** Removes all reservations. */
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
