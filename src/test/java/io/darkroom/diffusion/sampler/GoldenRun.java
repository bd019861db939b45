package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.noise.TorchCpuNoise;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A golden case rendered by our sampler, with the results of the recorded evaluations. */
final class GoldenRun {
  private final GoldenCase golden;
  private final Sampler sampler;
  private final Trajectory trajectory;
  private final AnalyticModel model;
  private final List<Double> timesteps = new ArrayList<>();
  private Worst worst = Worst.NONE;

  private GoldenRun(GoldenCase golden) throws InvalidSampling {
    this.golden = golden;
    this.sampler = Samplers.bind(golden.spec());
    this.model = golden.model();
    NoiseSource noise = new TorchCpuNoise(golden.seed());
    this.trajectory =
        switch (golden.kind()) {
          case "img2img" -> Trajectory.from(sampler, noise, GoldenCase.input("init_image"));
          case "repaint" ->
              Trajectory.around(
                  sampler, noise, GoldenCase.input("init_image"), GoldenCase.input("mask"));
          case "txt2img", "score_sde_ve" ->
              new Trajectory(sampler, noise, GoldenCase.input("mean").length);
          default -> throw new AssertionError("unknown kind of case " + golden.kind());
        };
  }

  static GoldenRun of(GoldenCase golden) throws InvalidSampling {
    return new GoldenRun(golden);
  }

  /**
   * The largest differences from the snapshots.
   *
   * @param error largest difference of an element
   * @param share largest difference as a fraction of its snapshot's tolerance
   */
  record Worst(double error, double share) {

    static final Worst NONE = new Worst(0, 0);

    Worst or(Worst other) {
      return new Worst(Math.max(error, other.error), Math.max(share, other.share));
    }
  }

  /** Renders and compares each snapshot. */
  Worst check() {
    compare("x_T", trajectory.sample(), golden.tolerance("first"));
    List<Integer> evaluations = golden.evaluationsPerIteration();
    int wanted = evaluations.stream().mapToInt(i -> i).sum();
    assertThat(sampler.evaluations()).as("evaluations of %s", golden).isEqualTo(wanted);
    for (int iteration = 1; iteration <= golden.loopIterations(); iteration++) {
      for (int i = 0; i < evaluations.get(iteration - 1); i++) {
        timesteps.add(trajectory.timestep());
        evaluate();
      }
      if (iteration == 1) {
        compare("first", trajectory.sample(), golden.tolerance("first"));
      }
      if (iteration == golden.midIteration()) {
        compare("mid", trajectory.sample(), golden.tolerance("mid"));
      }
    }
    assertThat(trajectory.finished()).isTrue();
    compare("final", trajectory.sample(), golden.tolerance("final"));
    if (golden.kind().equals("score_sde_ve")) {
      compare("final_mean", trajectory.result(), golden.tolerance("final"));
    }
    compareTimesteps();
    return worst;
  }

  private void evaluate() {
    FloatBuffer input = FloatBuffer.allocate(trajectory.size());
    trajectory.writeInput(input);
    double timestep = trajectory.timestep() * golden.modelTimestepFactor();
    trajectory.advance(model.apply(input.array(), (float) timestep));
  }

  private void compareTimesteps() {
    List<Double> wanted = golden.networkTimesteps();
    assertThat(timesteps).as("timesteps of %s", golden).hasSameSizeAs(wanted);
    for (int i = 0; i < timesteps.size(); i++) {
      double off = Math.abs(timesteps.get(i) - wanted.get(i));
      double most = golden.wholeTimesteps() ? 0 : 1e-2;
      assertThat(off)
          .as("timestep %d of %s: %s, wanted %s", i, golden, timesteps.get(i), wanted.get(i))
          .isLessThanOrEqualTo(most);
    }
  }

  private void compare(String snapshot, float[] got, double tolerance) {
    float[] wanted = golden.array(snapshot);
    assertThat(got).hasSameSizeAs(wanted);
    int at = 0;
    for (int i = 0; i < got.length; i++) {
      double off = Math.abs((double) got[i] - wanted[i]);
      if (!(off <= Math.abs((double) got[at] - wanted[at]))) {
        at = i;
      }
    }
    double off = Math.abs((double) got[at] - wanted[at]);
    assertThat(off)
        .as("%s of %s: element %d is %s, wanted %s", snapshot, golden, at, got[at], wanted[at])
        .isLessThanOrEqualTo(tolerance);
    worst = worst.or(new Worst(off, off / tolerance));
  }
}
