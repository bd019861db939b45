package io.darkroom.app.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Spaces the beginnings of requests, so that a maximum number begins in a minute. One thread. */
final class Pace {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final long interval;
  private final LongSupplier nanoClock;
  private final Sleep sleep;
  private long next;

  /**
   * @param perMinute maximum number of requests that begin in a minute; null = no limit
   */
  Pace(@Nullable Integer perMinute, LongSupplier nanoClock, Sleep sleep) {
    this.interval = perMinute == null ? 0 : MINUTE / perMinute;
    this.nanoClock = nanoClock;
    this.sleep = sleep;
    this.next = nanoClock.getAsLong();
  }

  /** Creates a pace of the system's time. */
  static Pace of(@Nullable Integer perMinute) {
    return new Pace(perMinute, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /** Sleeps for a number of nanoseconds. */
  @FunctionalInterface
  interface Sleep {
    void sleep(long nanos) throws InterruptedException;
  }

  /** Waits until the next request may begin. The time since the last one counts. */
  void await() throws InterruptedException {
    long wait = next - nanoClock.getAsLong();
    if (wait > 0) {
      sleep.sleep(wait);
    }
    next = nanoClock.getAsLong() + interval;
  }
}
