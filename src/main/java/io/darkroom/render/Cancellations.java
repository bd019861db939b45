package io.darkroom.render;

import io.darkroom.job.JobId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The cancelled requests. A running request is stopped at once; a request that arrives later is
 * checked against the ids kept here. An id is dropped when it is too old or when there are too many
 * ids. Safe for use by many threads.
 */
public final class Cancellations {
  private final Duration retention;
  private final int most;
  private final Clock clock;

  /** Times of publication by id, in the order of arrival. */
  private final Map<JobId, Instant> cancelled = new LinkedHashMap<>();

  private final Map<JobId, Set<Watch>> watches = new HashMap<>();

  /**
   * @param retention how long a cancellation applies after its publication
   * @param most maximum number of ids; the oldest are dropped first
   */
  public Cancellations(Duration retention, int most, Clock clock) {
    if (retention.isNegative() || most < 0) {
      throw new IllegalArgumentException(
          "cancellations: retention and most must be 0 or more, are " + retention + ", " + most);
    }
    this.retention = retention;
    this.most = most;
    this.clock = clock;
  }

  /**
   * Returns an object for renders that cannot be cancelled: its clock is fixed at the latest time,
   * so each cancellation is too old.
   */
  public static Cancellations none() {
    return new Cancellations(Duration.ZERO, 0, Clock.fixed(Instant.MAX, ZoneOffset.UTC));
  }

  /** A registration for one request. Close it when the request ends. */
  public static final class Watch implements AutoCloseable {
    private final Cancellations owner;
    private final JobId id;
    private final Runnable action;

    private Watch(Cancellations owner, JobId id, Runnable action) {
      this.owner = owner;
      this.id = id;
      this.action = action;
    }

    @Override
    public void close() {
      owner.forget(this);
    }
  }

  /**
   * Cancels a request.
   *
   * @param published time of publication of the cancellation
   * @return whether it is recent enough to apply
   */
  public boolean cancel(JobId id, Instant published) {
    List<Watch> registered;
    synchronized (this) {
      Instant oldest = clock.instant().minus(retention);
      if (published.isBefore(oldest)) {
        return false;
      }
      cancelled.remove(id);
      cancelled.put(id, published);
      dropOldest(oldest);
      registered = List.copyOf(watches.getOrDefault(id, Set.of()));
    }
    registered.forEach(watch -> watch.action.run());
    return true;
  }

  /** Returns whether a request is cancelled. */
  public synchronized boolean contains(JobId id) {
    Instant published = cancelled.get(id);
    return published != null && !published.isBefore(clock.instant().minus(retention));
  }

  /** Returns the number of ids in memory. */
  public synchronized int size() {
    return cancelled.size();
  }

  /**
   * Runs the action when the request is cancelled, at once if it is already. The action must be
   * quick and idempotent.
   */
  Watch watch(JobId id, Runnable action) {
    Watch watch = new Watch(this, id, action);
    boolean already;
    synchronized (this) {
      watches.computeIfAbsent(id, each -> new HashSet<>()).add(watch);
      already = contains(id);
    }
    if (already) {
      action.run();
    }
    return watch;
  }

  private synchronized void forget(Watch watch) {
    Set<Watch> others = watches.get(watch.id);
    if (others != null && others.remove(watch) && others.isEmpty()) {
      watches.remove(watch.id);
    }
  }

  private void dropOldest(Instant oldest) {
    Iterator<Instant> times = cancelled.values().iterator();
    while (times.hasNext()) {
      if (!times.next().isBefore(oldest) && cancelled.size() <= most) {
        return;
      }
      times.remove();
    }
  }
}
