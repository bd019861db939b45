package io.darkroom.bench;

import java.time.Duration;

/**
 * How long a figure is measured: until time and rounds are reached.
 *
 * @param warmUp time of warm-up
 * @param time minimum time of measurement
 * @param rounds minimum number of rounds, whose median is the figure
 * @param requests requests of a trace
 * @param soak time at full load
 */
public record MeasuringTime(
    Duration warmUp, Duration time, int rounds, int requests, Duration soak) {

  /** Short, to test that all parts run. */
  public static final MeasuringTime QUICK =
      new MeasuringTime(
          Duration.ofMillis(300), Duration.ofMillis(300), 3, 60, Duration.ofSeconds(40));

  /** For published figures. */
  public static final MeasuringTime FULL =
      new MeasuringTime(
          Duration.ofSeconds(2), Duration.ofSeconds(5), 7, 400, Duration.ofMinutes(10));

  boolean enough(int roundsDone, long nanos) {
    return roundsDone >= rounds && nanos >= time.toNanos();
  }
}
