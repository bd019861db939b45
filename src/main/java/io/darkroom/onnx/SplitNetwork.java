package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.Pass;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ElementType;
import io.darkroom.model.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A U-Net that is split at a skip connection (Ma et al. 2023, DeepCache): the full part is the
 * whole network, which also gives the deep feature; the shallow part takes the deep feature as an
 * input. When it is opened, it is tested that the full part gives the bits of the original network,
 * that the shallow part with the feature of the full part gives the same bits, and that rows of
 * both parts do not depend on one another. Engine thread only.
 */
final class SplitNetwork implements AutoCloseable {
  /** Tolerance of tiers that do not promise equal bits, relative to the largest output. */
  private static final double TOLERANCE = 1e-2;

  private static final int INPUTS = 2;

  private final DenoiserLoading full;
  private final DenoiserLoading shallow;
  private OrtDenoiser fullDenoiser;
  private OrtDenoiser shallowDenoiser;

  private SplitNetwork(DenoiserLoading full, DenoiserLoading shallow) {
    this.full = full;
    this.shallow = shallow;
    this.fullDenoiser = full.denoiser(BatchSizes.upTo(INPUTS), Lanes.ONE);
    this.shallowDenoiser = shallow.denoiser(BatchSizes.upTo(INPUTS), Lanes.ONE);
  }

  /**
   * Splits a network and tests the parts.
   *
   * @param base the original network
   * @param mostRows maximum rows of a call
   * @param depth number of the skip connection, 1 = the one next to the output
   * @throws BrokenPackage if the graph cannot be split there, or if a test fails
   */
  static SplitNetwork open(
      ModelPackage pack, NetworkSettings settings, DenoiserLoading base, int mostRows, int depth)
      throws BrokenPackage {
    OnnxGraph graph = base.graph(pack.folder());
    List<SkipCut> cuts = graph.skipCuts(base.signature().sample(), base.signature().output());
    if (depth > cuts.size()) {
      throw new BrokenPackage(graph.file(), "", "has " + cuts.size() + " skip connections");
    }
    SkipCut cut = cuts.get(depth - 1);
    Session whole = graph.withOutput(cut.tensor()).open(pack.folder(), settings);
    boolean opened = false;
    try {
      TensorInfo info = info(whole, cut);
      Session rest =
          graph.withInput(info, base.signature().output().name()).open(pack.folder(), settings);
      SplitNetwork split =
          new SplitNetwork(
              base.part(whole, new DeepFeature(info, cut.feature(), false)),
              base.part(rest, new DeepFeature(info, cut.feature(), true)));
      opened = true;
      return split.proven(pack, settings.tier(), base, mostRows);
    } finally {
      if (!opened) {
        whole.close();
      }
    }
  }

  /** Returns name and type of the deep feature, whose dimensions are open. */
  private static TensorInfo info(Session full, SkipCut cut) throws BrokenPackage {
    ElementType type = full.outputType(cut.tensor());
    if (!type.real()) {
      throw new BrokenPackage(
          full.file(), cut.tensor(), "must be float32 or float16 to be cached, is " + type);
    }
    int rank = cut.feature().strides().size() + 2;
    return new TensorInfo(cut.tensor(), type, Collections.nCopies(rank, TensorInfo.ANY));
  }

  /** Returns the network of a pass. */
  Denoiser denoiser(Pass pass) {
    return pass.kind() == Pass.Kind.FULL ? fullDenoiser : shallowDenoiser;
  }

  private SplitNetwork proven(ModelPackage pack, Tier tier, DenoiserLoading base, int mostRows)
      throws BrokenPackage {
    boolean proven = false;
    try {
      if (!agrees(pack, tier, base)) {
        throw new BrokenPackage(
            base.session().file(), "", "gives other results if it is split for the cache");
      }
      SelfTest.Verdict ofFull = SelfTest.run(full, pack.card(), tier, mostRows);
      SelfTest.Verdict ofShallow = SelfTest.run(shallow, pack.card(), tier, mostRows);
      fullDenoiser.close();
      shallowDenoiser.close();
      fullDenoiser = full.denoiser(ofFull.rows(), ofFull.lanes());
      shallowDenoiser = shallow.denoiser(ofShallow.rows(), ofShallow.lanes());
      full.session().removeLimit();
      shallow.session().removeLimit();
      proven = true;
      return this;
    } finally {
      if (!proven) {
        close();
      }
    }
  }

  /** Returns whether both parts give the outputs of the original network. */
  private boolean agrees(ModelPackage pack, Tier tier, DenoiserLoading base) {
    try (OrtDenoiser original = base.denoiser(BatchSizes.upTo(INPUTS), Lanes.ONE)) {
      for (double span : TestInputs.spans(base.signature())) {
        TestInputs inputs = TestInputs.atOneTimestep(pack.card(), base.signature(), INPUTS, span);
        List<float[]> before = inputs.run(original, 0, 1);
        List<float[]> both = inputs.run(fullDenoiser, 0, 1);
        List<float[]> features = new ArrayList<>();
        for (int i = 0; i < INPUTS; i++) {
          int size = before.get(i).length;
          features.add(Arrays.copyOfRange(both.get(i), size, both.get(i).length));
          both.set(i, Arrays.copyOf(both.get(i), size));
        }
        List<float[]> after = inputs.withFeatures(features).run(shallowDenoiser, 0, 1);
        if (!same(tier, before, both) || !same(tier, both, after)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean same(Tier tier, List<float[]> a, List<float[]> b) {
    for (int i = 0; i < INPUTS; i++) {
      boolean same =
          tier == Tier.EXACT ? Arrays.equals(a.get(i), b.get(i)) : close(a.get(i), b.get(i));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static boolean close(float[] a, float[] b) {
    double scale = 0;
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      scale = Math.max(scale, Math.abs(a[i]));
      most = Math.max(most, Math.abs((double) a[i] - b[i]));
    }
    return most <= TOLERANCE * scale;
  }

  @Override
  public void close() {
    fullDenoiser.close();
    shallowDenoiser.close();
    full.session().close();
    shallow.session().close();
  }
}
