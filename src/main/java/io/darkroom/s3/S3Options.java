package io.darkroom.s3;

import java.time.Duration;

/**
 * How objects are read and written.
 *
 * @param forbiddenIsAbsent whether 403 is what the store answers for a missing object
 * @param write what the store does with objects that are written
 * @param partBytes longer objects are written in parts of this length; at least 5 MiB, which is
 *     what stores demand
 * @param calls most operations under way at once, 1 to {@value #MOST_CALLS}; more wait
 * @param deadline of one operation: the wait for its turn, all attempts and the pauses between
 *     them; of each part where an object is written in parts
 */
public record S3Options(
    boolean forbiddenIsAbsent, WriteOptions write, int partBytes, int calls, Duration deadline) {
  /** Smallest part that stores take, the last one of an object excepted. */
  public static final int LEAST_PART = 5 << 20;

  /** Connections that a client has for operations. */
  public static final int MOST_CALLS = 64;

  /** What a worker does without configuration. */
  public static final S3Options DEFAULT =
      new S3Options(false, WriteOptions.NONE, 16 << 20, 32, Duration.ofSeconds(150));

  public S3Options {
    if (partBytes < LEAST_PART) {
      throw new IllegalArgumentException(
          "s3.part-bytes: must be at least " + LEAST_PART + ", is " + partBytes);
    }
    if (calls < 1 || calls > MOST_CALLS) {
      throw new IllegalArgumentException("s3.calls: must be 1 to " + MOST_CALLS + ", is " + calls);
    }
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("s3.deadline: must be more than 0, is " + deadline);
    }
  }

  /** The same with another meaning of 403. */
  public S3Options withForbiddenIsAbsent(boolean absent) {
    return new S3Options(absent, write, partBytes, calls, deadline);
  }

  /** The same with other options of writes. */
  public S3Options withWrite(WriteOptions options) {
    return new S3Options(forbiddenIsAbsent, options, partBytes, calls, deadline);
  }
}
