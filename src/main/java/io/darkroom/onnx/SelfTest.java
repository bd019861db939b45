package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.plan.ModelCard;
import java.util.Arrays;
import java.util.List;

/**
 * Whether a row's bits depend on the rows beside it, found out by running rows alone, in calls of
 * every size, at other positions and beside other neighbours.
 */
final class SelfTest {

  /**
   * What was found.
   *
   * @param exact whether rows give the same bits in every call of {@code fewestRows} rows and more
   * @param fewestRows 1, or 2 where a row alone gives other bits
   */
  record Verdict(boolean exact, int fewestRows) {}

  private static final int ALONE = 3;
  private final Denoiser denoiser;
  private final Probes probes;
  private final List<float[]> reference;

  private SelfTest(Denoiser denoiser, Probes probes, List<float[]> reference) {
    this.denoiser = denoiser;
    this.probes = probes;
    this.reference = reference;
  }

  /**
   * @param loading makes denoisers that pad their calls to 1 or to 2 rows
   * @throws BrokenPackage where ordinary inputs give NaN or infinity
   */
  static Verdict run(DenoiserLoading loading, ModelCard card, int mostRows) throws BrokenPackage {
    for (int fewestRows = 1; fewestRows <= 2; fewestRows++) {
      try (OrtDenoiser denoiser = loading.denoiser(mostRows, fewestRows)) {
        if (of(denoiser, card, loading.doors()).passes()) {
          return new Verdict(true, fewestRows);
        }
      }
    }
    return new Verdict(false, 1);
  }

  private static SelfTest of(Denoiser denoiser, ModelCard card, DenoiserDoors doors)
      throws BrokenPackage {
    int count = denoiser.call(Probes.shape(card)).mostRows();
    for (double span : Probes.spans(doors)) {
      Probes probes = Probes.of(card, doors, count, span);
      List<float[]> reference = probes.run(denoiser, order(count, 0, count));
      if (reference.stream().allMatch(SelfTest::finite)) {
        return new SelfTest(denoiser, probes, reference);
      }
    }
    throw new BrokenPackage(
        ModelPackage.UNET, "", "gives NaN or infinity for noise of standard deviation 1");
  }

  private boolean passes() {
    int count = probes.count();
    for (int probe = 0; probe < Math.min(ALONE, count); probe++) {
      if (!same(probe)) {
        return false;
      }
    }
    for (int rows = 2; rows <= count; rows++) {
      if (!same(order(rows, rows, count))) {
        return false;
      }
    }
    return true;
  }

  private boolean same(int... order) {
    List<float[]> outputs = probes.run(denoiser, order);
    for (int row = 0; row < order.length; row++) {
      if (!sameBits(outputs.get(row), reference.get(order[row]))) {
        return false;
      }
    }
    return true;
  }

  /** The probes as they are, or backwards from one of them, so that each call mixes them anew. */
  private static int[] order(int rows, int shift, int count) {
    int[] order = new int[rows];
    for (int row = 0; row < rows; row++) {
      order[row] = shift == 0 ? row : Math.floorMod(shift - row, count);
    }
    return order;
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
