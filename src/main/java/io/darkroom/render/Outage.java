package io.darkroom.render;

import io.darkroom.text.Printable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Limits the log lines of an operation that may fail often: one line at the first failure, one line
 * per minute with the number of failures, and one line when it works again. Safe for use by many
 * threads.
 */
public final class Outage {
  private static final long LINE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /**
   * Failures belong to the same outage if the successful calls between them last no longer than
   * this.
   */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String what;
  private final Consumer<String> log;
  private final LongSupplier nanoClock;
  private Optional<String> problem = Optional.empty();
  private long failures;
  private long beganNanos;
  private long lineNanos;
  private long failedNanos;

  /**
   * @param what the operation; each line begins with it, e.g. {@code store}
   * @param log logs a line as a warning
   */
  public Outage(String what, Consumer<String> log, LongSupplier nanoClock) {
    this.what = what;
    this.log = log;
    this.nanoClock = nanoClock;
  }

  /** Reports a failure. The reason is shortened to one line. */
  public synchronized void failed(String why) {
    long now = nanoClock.getAsLong();
    String reason = Printable.collapsed(why).replace('"', '\'');
    problem = Optional.of(reason);
    failedNanos = now;
    failures++;
    if (failures == 1) {
      beganNanos = now;
      lineNanos = now;
      log.accept(what + " fails reason=\"" + reason + "\"");
    } else if (now - lineNanos >= LINE_NANOS) {
      lineNanos = now;
      log.accept(what + " still fails" + counted(now) + " reason=\"" + reason + "\"");
    }
  }

  /** Reports a success. */
  public synchronized void worked() {
    problem = Optional.empty();
    long now = nanoClock.getAsLong();
    if (failures > 0 && now - failedNanos >= QUIET_NANOS) {
      log.accept(what + " works again" + counted(failedNanos));
      failures = 0;
    }
  }

  /** Returns why the last try failed; empty if it succeeded. */
  public synchronized Optional<String> problem() {
    return problem;
  }

  private String counted(long untilNanos) {
    long seconds = Duration.ofNanos(untilNanos - beganNanos).toSeconds();
    return " failures=" + failures + " seconds=" + seconds;
  }
}
