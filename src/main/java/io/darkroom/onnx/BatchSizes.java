package io.darkroom.onnx;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The allowed numbers of rows of a network's calls. A call with another number is padded to the
 * next allowed one. Immutable.
 */
final class BatchSizes {
  private final int[] rungs;

  private BatchSizes(int[] rungs) {
    this.rungs = rungs;
  }

  /** Allows every number up to {@code most}. */
  static BatchSizes upTo(int most) {
    return new BatchSizes(IntStream.rangeClosed(1, most).toArray());
  }

  /** Allows the given numbers, one or more, in increasing order. */
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

  /** Returns the smallest allowed number that is at least {@code rows}. */
  int holding(int rows) {
    for (int rung : rungs) {
      if (rung >= rows) {
        return rung;
      }
    }
    throw new IllegalArgumentException("rows: must be at most " + most() + ", are " + rows);
  }

  /**
   * Returns the rows per run when a call is split over lanes: the smallest allowed number for which
   * one run per lane is enough, or the largest if that is not enough.
   */
  int part(int rows, int lanes) {
    for (int rung : rungs) {
      if ((long) rung * lanes >= rows) {
        return rung;
      }
    }
    return most();
  }

  /** Returns the number of runs into which {@code rows} rows are split. */
  int parts(int rows, int lanes) {
    int part = part(rows, lanes);
    return (rows + part - 1) / part;
  }

  /**
   * Returns the rows of all runs together: {@code rows} plus the padding of the last run. Splitting
   * the total gives the same runs.
   */
  int total(int rows, int lanes) {
    int before = (parts(rows, lanes) - 1) * part(rows, lanes);
    return before + holding(rows - before);
  }

  /** Returns the largest allowed number up to {@code most}, or the smallest if all are larger. */
  int within(int most) {
    int within = rungs[0];
    for (int rung : rungs) {
      within = rung <= most ? rung : within;
    }
    return within;
  }

  /** Returns {@code 1-8} if all numbers in between are allowed, else {@code 2,4,8}. */
  @Override
  public String toString() {
    return most() - fewest() + 1 == rungs.length
        ? fewest() + "-" + most()
        : Arrays.stream(rungs).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }
}
