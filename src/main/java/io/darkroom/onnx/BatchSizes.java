package io.darkroom.onnx;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The numbers of rows that a call of a network may have. A call of another number is filled up to
 * the next one. Immutable.
 */
final class BatchSizes {
  private final int[] rungs;

  private BatchSizes(int[] rungs) {
    this.rungs = rungs;
  }

  /** Every number up to {@code most}. */
  static BatchSizes upTo(int most) {
    return new BatchSizes(IntStream.rangeClosed(1, most).toArray());
  }

  /** Some numbers, rising, one of them at least. */
  static BatchSizes of(int... rungs) {
    if (rungs.length == 0 || rungs[0] < 1) {
      throw new IllegalArgumentException("rows: must be 1 or more, are " + Arrays.toString(rungs));
    }
    return new BatchSizes(rungs.clone());
  }

  int fewest() {
    return rungs[0];
  }

  int most() {
    return rungs[rungs.length - 1];
  }

  /** The smallest number that so many rows fit into. */
  int holding(int rows) {
    for (int rung : rungs) {
      if (rung >= rows) {
        return rung;
      }
    }
    throw new IllegalArgumentException("rows: must be at most " + most() + ", are " + rows);
  }

  /** The largest number up to {@code most}; where all are larger, the smallest. */
  int within(int most) {
    int within = rungs[0];
    for (int rung : rungs) {
      within = rung <= most ? rung : within;
    }
    return within;
  }

  /** {@code 1-8} where none is missing between, else {@code 2,4,8}. */
  @Override
  public String toString() {
    return most() - fewest() + 1 == rungs.length
        ? fewest() + "-" + most()
        : Arrays.stream(rungs).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }
}
