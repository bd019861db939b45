package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.text.Sha256;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Checks whether a network's outputs for test inputs are the same in a full call and in other
 * calls: alone, in calls of other sizes, at other positions and with other neighbours.
 */
final class BatchInvarianceCheck {
  private static final int ALONE = 3;
  private static final int ANSWERS = 2;

  private final Denoiser denoiser;
  private final TestInputs inputs;
  private final int most;
  private final List<float[]> reference;

  private BatchInvarianceCheck(
      Denoiser denoiser, TestInputs inputs, int most, List<float[]> reference) {
    this.denoiser = denoiser;
    this.inputs = inputs;
    this.most = most;
    this.reference = reference;
  }

  /**
   * Runs the inputs once.
   *
   * @param inputs one more than {@code most}, so that even a full call can have other neighbours
   * @return empty if the network returns NaN or infinity for one of them
   */
  static Optional<BatchInvarianceCheck> of(Denoiser denoiser, TestInputs inputs, int most) {
    List<float[]> reference = inputs.run(denoiser, inOrder(most));
    return reference.stream().allMatch(BatchInvarianceCheck::finite)
        ? Optional.of(new BatchInvarianceCheck(denoiser, inputs, most, reference))
        : Optional.empty();
  }

  /**
   * Returns whether calls of this number of rows give the same bits as a full call. A full call is
   * also tried with rows equal to the tested row: the value that rows share may be the largest
   * number in the call, which most calls of different inputs have in common.
   */
  boolean agrees(int rows) {
    if (rows > 1) {
      return same(backwards(rows)) && (rows < most || (same(alike(0)) && same(alike(1))));
    }
    return IntStream.range(0, Math.min(ALONE, most)).allMatch(input -> same(input));
  }

  /**
   * Returns whether calls of this number of rows of another denoiser with the same network give the
   * same bits.
   */
  boolean agrees(Denoiser other, int rows) {
    return same(other, backwards(rows));
  }

  /** Returns whether calls of this number of rows give a row the same bits with any neighbours. */
  boolean repeats(int rows) {
    int[] order = new int[rows];
    Arrays.fill(order, inputs.count() - 1);
    order[0] = rows - 1;
    float[] once = inputs.run(denoiser, inOrder(rows)).get(rows - 1);
    return Arrays.equals(inputs.run(denoiser, order).get(0), once);
  }

  /** Returns the SHA-256 of the network's outputs for the first inputs. */
  String answer() {
    float[] first = reference.get(0);
    int count = Math.min(ANSWERS, most);
    float[] answers = new float[count * first.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(reference.get(i), 0, answers, i * first.length, first.length);
    }
    return Sha256.of(answers);
  }

  private boolean same(int... order) {
    return same(denoiser, order);
  }

  private boolean same(Denoiser called, int... order) {
    List<float[]> outputs = inputs.run(called, order);
    for (int row = 0; row < order.length; row++) {
      if (order[row] < most && !sameBits(outputs.get(row), reference.get(order[row]))) {
        return false;
      }
    }
    return true;
  }

  private static int[] inOrder(int rows) {
    return IntStream.range(0, rows).toArray();
  }

  /** Returns a full call with one of the inputs in every row. */
  private int[] alike(int input) {
    int[] order = new int[most];
    Arrays.fill(order, input);
    return order;
  }

  /**
   * Returns inputs in reverse order, starting at a different one for each number of rows, so that
   * calls mix them differently.
   */
  private int[] backwards(int rows) {
    return IntStream.range(0, rows).map(row -> Math.floorMod(rows - row, inputs.count())).toArray();
  }

  private static boolean sameBits(float[] a, float[] b) {
    // Arrays.equals compares bits except for NaN, which the reference does not contain.
    return Arrays.equals(a, b);
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
