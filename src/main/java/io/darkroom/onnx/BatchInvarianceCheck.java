package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.text.Sha256;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a network gives for some probes in a call of the most rows, and whether it gives the same
 * for them in other calls: alone, in calls of other sizes, at other places and beside other
 * neighbours.
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
   * Runs the probes once.
   *
   * @param inputs one more than {@code most}, so that even a full call can have other neighbours
   * @return empty where the network gives NaN or infinity for one of them
   */
  static Optional<BatchInvarianceCheck> of(Denoiser denoiser, TestInputs inputs, int most) {
    List<float[]> reference = inputs.run(denoiser, inOrder(most));
    return reference.stream().allMatch(BatchInvarianceCheck::finite)
        ? Optional.of(new BatchInvarianceCheck(denoiser, inputs, most, reference))
        : Optional.empty();
  }

  /**
   * Whether calls of so many rows give the bits of a full call. A full call is tried with
   * neighbours like the row itself, too: what rows share may be the largest number in the call,
   * which most calls of different probes have in common.
   */
  boolean agrees(int rows) {
    if (rows > 1) {
      return same(backwards(rows)) && (rows < most || (same(alike(0)) && same(alike(1))));
    }
    return IntStream.range(0, Math.min(ALONE, most)).allMatch(input -> same(input));
  }

  /** Whether calls of so many rows give a row the same bits beside any neighbours. */
  boolean repeats(int rows) {
    int[] order = new int[rows];
    Arrays.fill(order, inputs.count() - 1);
    order[0] = rows - 1;
    float[] once = inputs.run(denoiser, inOrder(rows)).get(rows - 1);
    return Arrays.equals(inputs.run(denoiser, order).get(0), once);
  }

  /** SHA-256 of what the network gives for the first probes. */
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
    List<float[]> outputs = inputs.run(denoiser, order);
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

  /** One of the probes in every row of a full call. */
  private int[] alike(int input) {
    int[] order = new int[most];
    Arrays.fill(order, input);
    return order;
  }

  /** Backwards from one of the probes, another one for each number, so that calls mix them anew. */
  private int[] backwards(int rows) {
    return IntStream.range(0, rows).map(row -> Math.floorMod(rows - row, inputs.count())).toArray();
  }

  private static boolean sameBits(float[] a, float[] b) {
    // Arrays.equals compares bits, but for NaN, which the reference does not have.
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
