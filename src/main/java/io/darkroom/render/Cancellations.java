package io.darkroom.render;

import io.darkroom.job.JobId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The requests that their publishers withdrew. One that is under way is told at once; one that
 * comes later finds its id here, until it is forgotten: by age, or because so many others were
 * withdrawn since. Safe for use by many threads.
 */
public final class Cancellations {
  private final Duration retention;
  private final int most;
  private final Clock clock;

  /** In the order in which they came. */
  private final Map<JobId, Instant> withdrawn = new LinkedHashMap<>();

  private final Map<JobId, Set<Watch>> watches = new HashMap<>();

  /**
   * @param retention that a withdrawal acts for after it was published
   * @param most withdrawals that are kept; the oldest go first
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

  /** None, and none to come: for renders that nobody can withdraw. */
  public static Cancellations none() {
    return new Cancellations(Duration.ZERO, 0, Clock.systemUTC());
  }

  /** An interest in one request; to be closed when it ends. */
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
   * A request is withdrawn.
   *
   * @param published when its publisher said so
   * @return whether that is recent enough to act
   */
  public boolean withdraw(JobId id, Instant published) {
    List<Watch> told;
    synchronized (this) {
      Instant oldest = clock.instant().minus(retention);
      if (published.isBefore(oldest)) {
        return false;
      }
      withdrawn.remove(id);
      withdrawn.put(id, published);
      dropOldest(oldest);
      told = List.copyOf(watches.getOrDefault(id, Set.of()));
    }
    told.forEach(watch -> watch.action.run());
    return true;
  }

  /** Whether a request was withdrawn, as far as that is not forgotten. */
  public synchronized boolean contains(JobId id) {
    Instant published = withdrawn.get(id);
    return published != null && !published.isBefore(clock.instant().minus(retention));
  }

  /** Withdrawals that are kept. */
  public synchronized int size() {
    return withdrawn.size();
  }

  /**
   * Runs the action as soon as the request is withdrawn: now, where it was already. The action must
   * be quick, and harmless when it is run twice.
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
    Iterator<Instant> times = withdrawn.values().iterator();
    while (times.hasNext()) {
      if (!times.next().isBefore(oldest) && withdrawn.size() <= most) {
        return;
      }
      times.remove();
    }
  }
}
