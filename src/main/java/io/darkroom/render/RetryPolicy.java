package io.darkroom.render;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Delays between tries. They double from {@code first} to {@code longest}. Each is shortened by a
 * random share of up to half, so that workers that failed at the same time do not retry at the same
 * time. Used for the store, events, dead letters and the control reader.
 *
 * @param first upper bound of the delay before the second try, above 0
 * @param longest upper bound of all delays, at least {@code first}
 * @param total maximum sum of the delays before they are shortened; when it is reached, the next
 *     failure is final; at least 0
 */
public record RetryPolicy(Duration first, Duration longest, Duration total) {
  /** A total that is never reached. */
  public static final Duration UNLIMITED = Duration.ofSeconds(Long.MAX_VALUE);

  public RetryPolicy {
    if (first.isNegative() || first.isZero() || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "retry delays: must be above 0 and rise, are " + first + " to " + longest);
    }
    if (total.isNegative()) {
      throw new IllegalArgumentException("total of retry delays: must be 0 or more, is " + total);
    }
  }

  /**
   * Returns the delay after a failed try.
   *
   * @param tries number of tries so far, 1 or more
   * @param random random numbers that shorten the delay
   */
  public Duration delay(int tries, RandomGenerator random) {
    Duration bound = bound(tries);
    return bound.minusNanos((long) (0.5 * bound.toNanos() * random.nextDouble()));
  }

  /** Returns the delay after this number of tries before it is shortened. */
  Duration bound(int tries) {
    Duration bound = first;
    for (int i = 1; i < tries && bound.compareTo(longest) < 0; i++) {
      bound = bound.multipliedBy(2);
    }
    return bound.compareTo(longest) < 0 ? bound : longest;
  }
}
