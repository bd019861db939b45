package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether a network keeps what a tier promises, found out by running rows alone, in calls of every
 * size, at other positions and beside other neighbours. A network that takes one timestep for all
 * rows is tried at several, one after the other.
 */
final class SelfTest {

  /**
   * What was found.
   *
   * @param rows that calls may have; none where the tier is not kept
   * @param sha256 of what the network gives for the first probes in a call of the most rows
   */
  record Verdict(BatchSizes rows, String sha256) {}

  private final String model;
  private final int most;
  private final List<BatchInvarianceCheck> trials;

  /**
   * @param model the package's name, for messages
   * @param trials one or more; the first gives the answer
   */
  private SelfTest(String model, int most, List<BatchInvarianceCheck> trials) {
    this.model = model;
    this.most = most;
    this.trials = trials;
  }

  /**
   * Tests for a tier.
   *
   * @param mostRows of a call
   * @throws BrokenPackage where ordinary inputs give NaN or infinity, or where the tier is not kept
   */
  static Verdict run(DenoiserLoading loading, ModelCard card, Tier tier, int mostRows)
      throws BrokenPackage {
    try (OrtDenoiser denoiser = loading.denoiser(BatchSizes.upTo(mostRows))) {
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
    try (OrtDenoiser denoiser = loading.denoiser(BatchSizes.upTo(mostRows))) {
      return of(denoiser, card, loading).answer();
    }
  }

  private static SelfTest of(Denoiser denoiser, ModelCard card, DenoiserLoading loading)
      throws BrokenPackage {
    int most = Math.min(denoiser.mostRows(), denoiser.call(TestInputs.shape(card)).mostRows());
    for (double span : TestInputs.spans(loading.signature())) {
      List<BatchInvarianceCheck> trials = new ArrayList<>();
      List<TestInputs> all = inputs(card, loading, most + 1, span);
      all.forEach(inputs -> BatchInvarianceCheck.of(denoiser, inputs, most).ifPresent(trials::add));
      if (trials.size() == all.size()) {
        return new SelfTest(card.name(), most, trials);
      }
    }
    throw new BrokenPackage(
        ModelPackage.UNET, "", "gives NaN or infinity for noise of standard deviation 1");
  }

  private static List<TestInputs> inputs(
      ModelCard card, DenoiserLoading loading, int count, double span) {
    return loading.sharedTimestep()
        ? TestInputs.atEachTimestep(card, loading.signature(), count, span)
        : List.of(TestInputs.of(card, loading.signature(), count, span));
  }

  private BatchSizes rows(Tier tier) throws BrokenPackage {
    return switch (tier) {
      case EXACT -> exact();
      case REPEATABLE -> repeatable();
      case FAST -> BatchSizes.upTo(most);
    };
  }

  /** The numbers of rows that give the bits of a full call, among whatever neighbours. */
  private BatchSizes exact() throws BrokenPackage {
    int[] agreeing =
        IntStream.rangeClosed(1, most)
            .filter(rows -> trials.stream().allMatch(trial -> trial.agrees(rows)))
            .toArray();
    if (agreeing.length == 0 || agreeing[agreeing.length - 1] != most) {
      throw BrokenPackage.inexact(ModelPackage.UNET, model, Tier.EXACT.wire());
    }
    return BatchSizes.of(agreeing);
  }

  /** Every number of rows, where each gives a row the same bits beside any neighbours. */
  private BatchSizes repeatable() throws BrokenPackage {
    boolean kept =
        IntStream.rangeClosed(1, most)
            .allMatch(rows -> trials.stream().allMatch(trial -> trial.repeats(rows)));
    if (!kept) {
      throw BrokenPackage.inexact(ModelPackage.UNET, model, Tier.REPEATABLE.wire());
    }
    return BatchSizes.upTo(most);
  }

  private String answer() {
    return trials.get(0).answer();
  }
}
