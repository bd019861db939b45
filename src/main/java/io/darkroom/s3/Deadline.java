package io.darkroom.s3;

import java.time.Duration;
import java.util.function.LongSupplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/** The time by which an operation must have ended, on a monotonic clock. */
record Deadline(Duration total, long endNanos, LongSupplier nanoClock) {

  static Deadline in(Duration total, LongSupplier nanoClock) {
    return new Deadline(total, nanoClock.getAsLong() + total.toNanos(), nanoClock);
  }

  /** The remaining time; at least one millisecond, the minimum of the SDK. */
  Duration left() {
    long left = endNanos - nanoClock.getAsLong();
    return Duration.ofNanos(Math.max(left, Duration.ofMillis(1).toNanos()));
  }

  /** Limits a request of the operation, with all its attempts, to the remaining time. */
  AwsRequestOverrideConfiguration forRequest() {
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(left()).build();
  }

  /** A new deadline of the same duration, from now. */
  Deadline again() {
    return in(total, nanoClock);
  }
}
