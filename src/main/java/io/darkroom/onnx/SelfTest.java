package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Tests whether a network satisfies a tier by running rows alone, in calls of every size, at other
 * positions and with other neighbours. A network with one timestep for all rows is tested at
 * several timesteps, one after the other.
 */
final class SelfTest {
  private static final Logger LOG = Logger.getLogger(SelfTest.class);

  /**
   * The result.
   *
   * @param rows allowed rows of calls; empty if the tier is not satisfied
   * @param sha256 digest of the network's outputs for the first inputs in a full call
   * @param lanes lanes on which the outputs are the same
   */
  record Verdict(BatchSizes rows, String sha256, Lanes lanes) {}

  private final String file;
  private final String model;
  private final int most;
  private final List<BatchInvarianceCheck> trials;

  /**
   * @param file file of the network, for messages
   * @param model the package's name, for messages
   * @param trials one or more; the first gives the answer
   */
  private SelfTest(String file, String model, int most, List<BatchInvarianceCheck> trials) {
    this.file = file;
    this.model = model;
    this.most = most;
    this.trials = trials;
  }

  /**
   * Tests a network for a tier.
   *
   * @param mostRows maximum rows of a call
   * @throws BrokenPackage if ordinary inputs give NaN or infinity, or if the tier is not satisfied
   */
  static Verdict run(DenoiserLoading loading, ModelCard card, Tier tier, int mostRows)
      throws BrokenPackage {
    try (OrtDenoiser denoiser = loading.denoiser(BatchSizes.upTo(mostRows), Lanes.ONE)) {
      SelfTest test = of(denoiser, card, loading);
      BatchSizes rows = test.rows(tier);
      return new Verdict(rows, test.answer(), test.lanes(loading, card, tier, rows));
    }
  }

  /**
   * Returns the digest of the network's current outputs for the first inputs, as {@link
   * Verdict#sha256}.
   *
   * @param mostRows maximum rows of the verdict's calls
   */
  static String answer(DenoiserLoading loading, ModelCard card, int mostRows) throws BrokenPackage {
    try (OrtDenoiser denoiser = loading.denoiser(BatchSizes.upTo(mostRows), Lanes.ONE)) {
      return of(denoiser, card, loading).answer();
    }
  }

  /**
   * Runs the inputs of the trials.
   *
   * @param denoiser the network on one lane
   * @throws BrokenPackage if ordinary inputs give NaN or infinity
   */
  static SelfTest of(Denoiser denoiser, ModelCard card, DenoiserLoading loading)
      throws BrokenPackage {
    int most = Math.min(denoiser.mostRows(), denoiser.call(TestInputs.shape(card)).mostRows());
    for (double span : TestInputs.spans(loading.signature())) {
      List<BatchInvarianceCheck> trials = new ArrayList<>();
      List<TestInputs> all = inputs(card, loading, most + 1, span);
      all.forEach(inputs -> BatchInvarianceCheck.of(denoiser, inputs, most).ifPresent(trials::add));
      if (trials.size() == all.size()) {
        return new SelfTest(loading.session().file(), card.name(), most, trials);
      }
    }
    throw new BrokenPackage(
        loading.session().file(), "", "gives NaN or infinity for noise of standard deviation 1");
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

  /** Returns the numbers of rows that give the bits of a full call with any neighbours. */
  private BatchSizes exact() throws BrokenPackage {
    int[] agreeing =
        IntStream.rangeClosed(1, most)
            .filter(rows -> trials.stream().allMatch(trial -> trial.agrees(rows)))
            .toArray();
    if (agreeing.length == 0 || agreeing[agreeing.length - 1] != most) {
      throw BrokenPackage.inexact(file, model, Tier.EXACT.wire());
    }
    return BatchSizes.of(agreeing);
  }

  /** Returns every number of rows, if each gives a row the same bits with any neighbours. */
  private BatchSizes repeatable() throws BrokenPackage {
    boolean kept =
        IntStream.rangeClosed(1, most)
            .allMatch(rows -> trials.stream().allMatch(trial -> trial.repeats(rows)));
    if (!kept) {
      throw BrokenPackage.inexact(file, model, Tier.REPEATABLE.wire());
    }
    return BatchSizes.upTo(most);
  }

  /** Returns the lanes to use. Also runs full calls, so that their memory is measured. */
  private Lanes lanes(DenoiserLoading loading, ModelCard card, Tier tier, BatchSizes rows) {
    Lanes lanes = loading.session().lanes();
    if (lanes.count() == 1) {
      return lanes;
    }
    try (OrtDenoiser split = loading.denoiser(rows, lanes)) {
      return lanes(split, split.call(TestInputs.shape(card)).mostRows(), tier, lanes);
    }
  }

  /**
   * Returns the given lanes, or one lane if the tier is exact and calls over them give other bits.
   *
   * @param split the network on the lanes
   * @param mostRows maximum rows of its calls
   */
  Lanes lanes(Denoiser split, int mostRows, Tier tier, Lanes lanes) {
    if (agree(split, mostRows) || tier != Tier.EXACT) {
      return lanes;
    }
    LOG.warnf("results differ if calls are split over lanes, one lane is used model=%s", model);
    return Lanes.ONE;
  }

  /**
   * Returns whether split calls give the bits of calls that are not split, for few rows and for a
   * full call.
   */
  private boolean agree(Denoiser split, int mostRows) {
    return IntStream.of(mostRows, 3, 2)
        .filter(rows -> rows <= mostRows)
        .allMatch(rows -> trials.stream().allMatch(trial -> trial.agrees(split, rows)));
  }

  private String answer() {
    return trials.get(0).answer();
  }
}
