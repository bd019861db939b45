package io.darkroom.s3;

import java.time.Duration;

/**
 * Options of reads and writes.
 *
 * @param forbiddenIsAbsent whether the store answers 403 for a missing object
 * @param write options of writes
 * @param partBytes objects that are longer are written in parts of this length; at least 5 MiB, the
 *     minimum of S3
 * @param calls maximum number of concurrent operations, 1 to {@value #MOST_CALLS}; further
 *     operations wait
 * @param deadline time limit of one operation, including the wait before it, all attempts and the
 *     delays between them; in a multipart upload, the limit of each part
 */
public record S3Options(
    boolean forbiddenIsAbsent, WriteOptions write, int partBytes, int calls, Duration deadline) {
  /** Minimum length of a part, except for the last one. */
  public static final int LEAST_PART = 5 << 20;

  /** Maximum number of concurrent operations. */
  public static final int MOST_CALLS = 64;

  /** The default options. */
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

  /** Returns a copy with another meaning of 403. */
  public S3Options withForbiddenIsAbsent(boolean absent) {
    return new S3Options(absent, write, partBytes, calls, deadline);
  }

  /** Returns a copy with other options of writes. */
  public S3Options withWrite(WriteOptions options) {
    return new S3Options(forbiddenIsAbsent, options, partBytes, calls, deadline);
  }
}
