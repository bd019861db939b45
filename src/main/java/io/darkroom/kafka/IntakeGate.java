package io.darkroom.kafka;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether requests are begun: only while the store and the topics that every request needs are
 * usable. Open until it is first closed. Safe for use by many threads.
 */
@Singleton
public final class IntakeGate {
  private final LongSupplier nanoClock;
  private Optional<String> reason = Optional.empty();
  private boolean watched;
  private long checkedNanos;
  private boolean stopped;

  @Inject
  IntakeGate() {
    this(System::nanoTime);
  }

  IntakeGate(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * Opens or closes the gate.
   *
   * @param problem why nothing is begun now; empty opens it
   */
  public synchronized void set(Optional<String> problem) {
    reason = problem;
    notifyAll();
  }

  /** The time on this gate's clock in nanoseconds, for {@link #checked}. */
  public long now() {
    return nanoClock.getAsLong();
  }

  /**
   * The store was checked, and {@link #set} says what was found.
   *
   * @param beganNanos when the check began, by {@link #now}
   */
  public synchronized void checked(long beganNanos) {
    watched = true;
    checkedNanos = beganNanos;
    notifyAll();
  }

  /** Why nothing is begun now; empty where requests are. */
  public synchronized Optional<String> reason() {
    return reason;
  }

  /**
   * Waits until requests may be begun.
   *
   * @return false where the worker stops before
   */
  public synchronized boolean await() throws InterruptedException {
    while (reason.isPresent() && !stopped) {
      wait();
    }
    return !stopped;
  }

  /** The worker stops: nothing is begun any more. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /**
   * Waits for a check of the store that begins after this call, and says whether it found
   * everything usable: a failure that was met before this call is then one of the request and not
   * of its surroundings.
   *
   * @param patience without such a check for so long the answer is no
   */
  synchronized boolean confirmed(Duration patience) throws InterruptedException {
    long began = now();
    long end = began + patience.toNanos();
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
