package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.image.Sha256;
import io.darkroom.plan.ModelCard;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether a network keeps what a tier promises, found out by running rows alone, in calls of every
 * size, at other positions and beside other neighbours.
 */
final class SelfTest {

  /**
   * What was found.
   *
   * @param rows that calls may have; none where the tier is not kept
   * @param sha256 of what the network gives for the first probes in a call of the most rows
   */
  record Verdict(RowLadder rows, String sha256) {}

  private static final int ALONE = 3;
  private static final int ANSWERS = 2;

  private final Denoiser denoiser;
  private final Probes probes;
  private final int most;
  private final List<float[]> reference;

  private SelfTest(Denoiser denoiser, Probes probes, int most, List<float[]> reference) {
    this.denoiser = denoiser;
    this.probes = probes;
    this.most = most;
    this.reference = reference;
  }

  /**
   * Tests for a tier.
   *
   * @param mostRows of a call
   * @throws BrokenPackage where ordinary inputs give NaN or infinity, or where the tier is not kept
   */
  static Verdict run(
      DenoiserLoading loading, ModelCard card, NetworkSettings.Tier tier, int mostRows)
      throws BrokenPackage {
    try (OrtDenoiser denoiser = loading.denoiser(RowLadder.upTo(mostRows))) {
      SelfTest test = of(denoiser, card, loading);
      return new Verdict(test.rows(tier), test.answer());
    }
  }

  /**
   * What the network gives for the first probes now, as {@link Verdict#sha256}.
   *
   * @param mostRows of the verdict's calls
   */
  static String answer(DenoiserLoading loading, ModelCard card, int mostRows) throws BrokenPackage {
    try (OrtDenoiser denoiser = loading.denoiser(RowLadder.upTo(mostRows))) {
      return of(denoiser, card, loading).answer();
    }
  }

  private static SelfTest of(Denoiser denoiser, ModelCard card, DenoiserLoading loading)
      throws BrokenPackage {
    DenoiserDoors doors = loading.doors();
    int most = denoiser.call(Probes.shape(card)).mostRows();
    for (double span : Probes.spans(doors)) {
      // One more than fit into a call, so that even a full call can have other neighbours.
      Probes probes =
          loading.sharedTimestep()
              ? Probes.atOneTimestep(card, doors, most + 1, span)
              : Probes.of(card, doors, most + 1, span);
      List<float[]> reference = probes.run(denoiser, inOrder(most));
      if (reference.stream().allMatch(SelfTest::finite)) {
        return new SelfTest(denoiser, probes, most, reference);
      }
    }
    throw new BrokenPackage(
        ModelPackage.UNET, "", "gives NaN or infinity for noise of standard deviation 1");
  }

  private RowLadder rows(NetworkSettings.Tier tier) throws BrokenPackage {
    return switch (tier) {
      case EXACT -> exact();
      case REPEATABLE -> repeatable();
      case FAST -> RowLadder.upTo(most);
    };
  }

  /** The numbers of rows that give the bits of a full call, among whatever neighbours. */
  private RowLadder exact() throws BrokenPackage {
    int[] agreeing = IntStream.rangeClosed(1, most).filter(this::agrees).toArray();
    if (agreeing.length == 0 || agreeing[agreeing.length - 1] != most) {
      throw BrokenPackage.inexact("exact");
    }
    return RowLadder.of(agreeing);
  }

  private boolean agrees(int rows) {
    if (rows > 1) {
      return same(backwards(rows));
    }
    return IntStream.range(0, Math.min(ALONE, most)).allMatch(probe -> same(probe));
  }

  /** Every number of rows, where each gives its own bits whoever the neighbours are. */
  private RowLadder repeatable() throws BrokenPackage {
    for (int rows = 1; rows <= most; rows++) {
      int[] order = inOrder(rows);
      order[rows - 1] = probes.count() - 1;
      order[0] = rows - 1;
      float[] once = probes.run(denoiser, inOrder(rows)).get(rows - 1);
      if (!Arrays.equals(probes.run(denoiser, order).get(0), once)) {
        throw BrokenPackage.inexact("repeatable");
      }
    }
    return RowLadder.upTo(most);
  }

  private String answer() {
    float[] first = reference.get(0);
    int count = Math.min(ANSWERS, most);
    float[] answers = new float[count * first.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(reference.get(i), 0, answers, i * first.length, first.length);
    }
    return Sha256.of(answers);
  }

  private boolean same(int... order) {
    List<float[]> outputs = probes.run(denoiser, order);
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

  /** Backwards from one of the probes, another one for each number, so that calls mix them anew. */
  private int[] backwards(int rows) {
    return IntStream.range(0, rows).map(row -> Math.floorMod(rows - row, probes.count())).toArray();
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
