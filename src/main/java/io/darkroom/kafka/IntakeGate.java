package io.darkroom.kafka;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets requests begin only while the store and the required topics are usable. The gate is open
 * until it is first closed. Safe for use by many threads.
 */
@Singleton
public final class IntakeGate {
  private final LongSupplier nanoClock;
  private Optional<String> reason = Optional.empty();
  private boolean watched;
  private long checkedNanos;
  private boolean stopped;

  @Inject
  IntakeGate(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * Opens or closes the gate.
   *
   * @param problem the reason why no request may begin; empty to open the gate
   */
  public synchronized void set(Optional<String> problem) {
    reason = problem;
    notifyAll();
  }

  /** Returns the time of this gate's clock in nanoseconds, for {@link #checked}. */
  public long now() {
    return nanoClock.getAsLong();
  }

  /**
   * Records that a check of the store has finished. Its result is passed to {@link #set}.
   *
   * @param beganNanos start of the check on this gate's clock
   */
  public synchronized void checked(long beganNanos) {
    watched = true;
    checkedNanos = beganNanos;
    notifyAll();
  }

  /** Returns why no request may begin; empty while requests may begin. */
  public synchronized Optional<String> reason() {
    return reason;
  }

  /**
   * Waits until requests may begin.
   *
   * @return false if the worker stops first
   */
  public synchronized boolean await() throws InterruptedException {
    while (reason.isPresent() && !stopped) {
      wait();
    }
    return !stopped;
  }

  /** Closes the gate permanently because the worker stops. No request begins after this call. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /**
   * Waits for a check of the store that begins after this call, and returns whether it found the
   * store and the topics usable. If so, the cause of an earlier failure is the request itself.
   *
   * @param timeout the longest time to wait; without a check in this time the result is false
   */
  synchronized boolean confirmed(Duration timeout) throws InterruptedException {
    long began = now();
    long end = began + timeout.toNanos();
    while (watched && checkedNanos - began < 0) {
      long left = end - now();
      if (left <= 0 || stopped) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return reason.isEmpty();
  }
}
