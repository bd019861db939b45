package io.darkroom.bench;

import java.time.Duration;

/**
 * How long a figure is measured: until both are reached.
 *
 * @param warmUp before it
 * @param time of measuring
 * @param rounds of which the median is taken
 * @param requests of a trace
 * @param soak time at full load
 */
public record Effort(Duration warmUp, Duration time, int rounds, int requests, Duration soak) {

  /** To see whether all works. */
  public static final Effort QUICK =
      new Effort(Duration.ofMillis(300), Duration.ofMillis(300), 3, 60, Duration.ofSeconds(40));

  /** For figures that are told to others. */
  public static final Effort FULL =
      new Effort(Duration.ofSeconds(2), Duration.ofSeconds(5), 7, 400, Duration.ofMinutes(10));

  boolean enough(int roundsDone, long nanos) {
    return roundsDone >= rounds && nanos >= time.toNanos();
  }
}
