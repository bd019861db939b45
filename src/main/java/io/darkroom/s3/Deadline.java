package io.darkroom.s3;

import java.time.Duration;
import java.util.function.LongSupplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/** The time limit of an operation, on a monotonic clock. */
record Deadline(Duration total, long endNanos, LongSupplier nanoClock) {

  static Deadline in(Duration total, LongSupplier nanoClock) {
    return new Deadline(total, nanoClock.getAsLong() + total.toNanos(), nanoClock);
  }

  /** Returns the remaining time, at least one millisecond, which is the minimum of the SDK. */
  Duration left() {
    long left = endNanos - nanoClock.getAsLong();
    return Duration.ofNanos(Math.max(left, Duration.ofMillis(1).toNanos()));
  }

  /** Returns a configuration that limits a request with all its attempts to the remaining time. */
  AwsRequestOverrideConfiguration forRequest() {
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(left()).build();
  }

  /** Returns a new deadline with the same duration, starting now. */
  Deadline again() {
    return in(total, nanoClock);
  }
}
