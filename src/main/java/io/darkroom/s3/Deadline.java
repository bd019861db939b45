package io.darkroom.s3;

import java.time.Duration;
import java.util.function.LongSupplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/** When an operation must have ended, by a monotonic clock. */
record Deadline(Duration total, long endNanos, LongSupplier nanoClock) {

  static Deadline in(Duration total, LongSupplier nanoClock) {
    return new Deadline(total, nanoClock.getAsLong() + total.toNanos(), nanoClock);
  }

  /** What is left; at least a millisecond, which the SDK asks for. */
  Duration left() {
    long left = endNanos - nanoClock.getAsLong();
    return Duration.ofNanos(Math.max(left, Duration.ofMillis(1).toNanos()));
  }

  /** For a request of the operation, with all its attempts. */
  AwsRequestOverrideConfiguration forRequest() {
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(left()).build();
  }

  /** As long again, from now. */
  Deadline again() {
    return in(total, nanoClock);
  }
}
