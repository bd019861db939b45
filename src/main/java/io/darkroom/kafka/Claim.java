package io.darkroom.kafka;

import io.darkroom.render.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The right of this worker to settle one record. It begins when the worker receives the record and
 * ends when the record is acknowledged or its partition moves to another worker. Safe for use by
 * many threads.
 */
final class Claim implements Lease {
  /** Additional waiting time for a record whose event is being published. */
  private static final long PUBLISH_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier nanoClock;
  private final List<Runnable> actions = new ArrayList<>();
  private State state;

  /** State of a record. LOST is final. */
  private enum State {
    QUEUED,
    RUNNING,
    PUBLISHING,
    ENDED,
    LOST
  }

  private Claim(LongSupplier nanoClock, State state) {
    this.nanoClock = nanoClock;
    this.state = state;
  }

  /** Creates a claim for a record that this worker may settle. */
  static Claim held(LongSupplier nanoClock) {
    return new Claim(nanoClock, State.QUEUED);
  }

  /**
   * Creates a claim that is already lost, for a record whose partition has moved to another worker.
   */
  static Claim alreadyLost() {
    return new Claim(() -> 0, State.LOST);
  }

  /**
   * Marks the start of the render. Returns false if the record is lost or its render has already
   * begun.
   */
  synchronized boolean begin() {
    return move(State.QUEUED, State.RUNNING);
  }

  /**
   * Marks the start of the publication of the outcome. From then on {@link #awaitEnd} waits ten
   * seconds longer for {@link #end}. Returns false if the record is lost.
   */
  synchronized boolean beginPublishing() {
    return move(State.RUNNING, State.PUBLISHING);
  }

  /** Marks the end of this worker's processing of the record. */
  synchronized void end() {
    if (state != State.LOST) {
      state = State.ENDED;
    }
    notifyAll();
  }

  /** Loses the record if its render has not begun. Returns whether this call lost it. */
  boolean loseQueued() {
    return lose(from -> from == State.QUEUED);
  }

  /**
   * Waits until the record has ended. If it has not ended in time, loses the record.
   *
   * @param nanos the longest time to wait; ten seconds more if the event is being published
   */
  void awaitEnd(long nanos) throws InterruptedException {
    long end = nanoClock.getAsLong() + Math.max(0, nanos);
    synchronized (this) {
      for (long left = left(end); left > 0; left = left(end)) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
    lose();
  }

  /** Loses the record in any state except ended. */
  void lose() {
    lose(from -> from != State.ENDED);
  }

  private boolean lose(Predicate<State> from) {
    List<Runnable> due;
    synchronized (this) {
      if (!from.test(state)) {
        return false;
      }
      state = State.LOST;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
    return true;
  }

  @Override
  public synchronized boolean lost() {
    return state == State.LOST;
  }

  @Override
  public void onLost(Runnable action) {
    synchronized (this) {
      if (state != State.LOST) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }

  /**
   * Returns whether a running record has exceeded this time. While the outcome is being published,
   * ten more seconds are allowed.
   */
  synchronized boolean isOverdue(long endNanos) {
    return left(endNanos) <= 0;
  }

  private long left(long end) {
    boolean open = state == State.RUNNING || state == State.PUBLISHING;
    long more = state == State.PUBLISHING ? PUBLISH_NANOS : 0;
    return open ? end + more - nanoClock.getAsLong() : 0;
  }

  private boolean move(State from, State to) {
    boolean there = state == from;
    state = there ? to : state;
    return there;
  }
}
