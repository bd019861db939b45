package io.darkroom.render;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Delays between tries: they double from {@code first} to {@code longest}, and each is shortened at
 * random by up to half, so that workers that failed together do not retry together. Used for the
 * store, events, dead letters and the control reader.
 *
 * @param first upper bound of the delay before the second try, above 0
 * @param longest upper bound of all delays, at least {@code first}
 * @param total when the sum of the unshortened delays reaches this, the next failure is final; at
 *     least 0
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
   * The delay after a failed try.
   *
   * @param tries made so far, 1 or more
   * @param random decides how much the delay is shortened
   */
  public Duration delay(int tries, RandomGenerator random) {
    Duration bound = bound(tries);
    return bound.minusNanos((long) (0.5 * bound.toNanos() * random.nextDouble()));
  }

  /** The delay after so many tries before it is shortened. */
  Duration bound(int tries) {
    Duration bound = first;
    for (int i = 1; i < tries && bound.compareTo(longest) < 0; i++) {
      bound = bound.multipliedBy(2);
    }
    return bound.compareTo(longest) < 0 ? bound : longest;
  }
}
