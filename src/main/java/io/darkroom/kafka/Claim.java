package io.darkroom.kafka;

import io.darkroom.render.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * This worker's hold on one record, from the moment it is taken until it is acknowledged or its
 * partition moves. Safe for use by many threads.
 */
final class Claim implements Lease {
  /** An event on its way is waited for at least as long. */
  private static final long ANNOUNCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier nanoClock;
  private final List<Runnable> actions = new ArrayList<>();
  private State state;

  /** How far a record is; a lost one stays lost. */
  private enum State {
    QUEUED,
    RUNNING,
    ANNOUNCING,
    ENDED,
    LOST
  }

  private Claim(LongSupplier nanoClock, State state) {
    this.nanoClock = nanoClock;
    this.state = state;
  }

  /** Of a record that this worker may settle. */
  static Claim held(LongSupplier nanoClock) {
    return new Claim(nanoClock, State.QUEUED);
  }

  /** Of a record whose partition has moved already. */
  static Claim gone() {
    return new Claim(() -> 0, State.LOST);
  }

  /** The render begins; false where the record is lost. */
  synchronized boolean begin() {
    return move(State.QUEUED, State.RUNNING);
  }

  /**
   * The outcome is about to be announced; false where the record is lost. From here on the
   * partition is not given up before {@link #end}.
   */
  synchronized boolean announce() {
    return move(State.RUNNING, State.ANNOUNCING);
  }

  /** Nothing more is done for the record by this worker. */
  synchronized void end() {
    if (state != State.LOST) {
      state = State.ENDED;
    }
    notifyAll();
  }

  /** Loses a record that has not begun; true where it had not. */
  synchronized boolean loseQueued() {
    return move(State.QUEUED, State.LOST);
  }

  /**
   * Waits until the record has ended, and loses it where it has not by then.
   *
   * @param nanos to wait at most; an event on its way gets ten seconds more
   * @return whether it ended
   */
  boolean awaitEnd(long nanos) throws InterruptedException {
    long end = nanoClock.getAsLong() + Math.max(0, nanos);
    synchronized (this) {
      for (long left = left(end); left > 0; left = left(end)) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      if (state == State.ENDED) {
        return true;
      }
    }
    lose();
    return false;
  }

  /** Loses the record, however far it is. */
  void lose() {
    List<Runnable> due;
    synchronized (this) {
      if (state == State.ENDED) {
        return;
      }
      state = State.LOST;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
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

  private long left(long end) {
    boolean open = state == State.RUNNING || state == State.ANNOUNCING;
    long more = state == State.ANNOUNCING ? ANNOUNCE_NANOS : 0;
    return open ? end + more - nanoClock.getAsLong() : 0;
  }

  private boolean move(State from, State to) {
    boolean there = state == from;
    state = there ? to : state;
    return there;
  }
}
