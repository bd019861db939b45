package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.noise.PhiloxNoise;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Properties of every sampler with any options, curve, spacing and number of steps. */
class SamplerInvariantsTest {
  private static final int SIZE = 8;

  /** Undone steps return to more noise. */
  private static final String UNDOING = "RePaintScheduler";

  /**
   * Samplers that treat slopes as polynomials in time, which slopes towards a fixed picture are
   * not, or whose strides fit only leading timesteps, or that end at the level at which the last
   * step begins, or that add noise until the end.
   */
  private static final Set<String> APPROXIMATE =
      Set.of(
          "DEISMultistepScheduler",
          "IPNDMScheduler",
          "PNDMScheduler",
          "SASolverScheduler",
          "ScoreSdeVeScheduler");

  /**
   * Samplers that end at the first training timestep, always or if the strides do not divide it.
   */
  private static final Set<String> ENDING_NOISY = Set.of("DDIMScheduler", "TCDScheduler");

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void noiseAndTimestepsNeverRise(@ForAll("specs") SamplingSpec spec) {
    Sampler sampler = TestSamplers.to(spec);
    if (name(spec).equals(UNDOING)) {
      return;
    }
    for (int k = 1; k < sampler.evaluations(); k++) {
      double before = ratio(sampler.level(k - 1));
      assertThat(ratio(sampler.level(k))).as("%d", k).isLessThanOrEqualTo(before * (1 + 1e-9));
      // The reference rounds the timesteps of some levels and not those between.
      double limit = sampler.timestep(k - 1) + 0.5;
      assertThat(sampler.timestep(k)).as("%d", k).isLessThanOrEqualTo(limit);
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void everyLevelIsOnOneOfTheThreeCurves(@ForAll("specs") SamplingSpec spec) {
    Sampler sampler = TestSamplers.to(spec);
    List<Level> levels =
        IntStream.range(0, sampler.evaluations()).mapToObj(sampler::level).toList();
    Predicate<Level> preserving = level -> Math.abs(level.power() - 1) < 1e-12;
    Predicate<Level> exploding = level -> level.alpha() == 1;
    Predicate<Level> flow = level -> Math.abs(level.alpha() + level.sigma() - 1) < 1e-12;
    assertThat(List.of(preserving, exploding, flow))
        .anyMatch(curve -> levels.stream().allMatch(curve));
  }

  /**
   * The last level is clean, except for the training's smallest noise level if the reference stops
   * there.
   */
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aNetworkThatPredictsThePictureReproducesIt(@ForAll("specs") SamplingSpec spec) {
    if (APPROXIMATE.contains(name(spec))) {
      return;
    }
    Sampler sampler = TestSamplers.to(spec);
    Trajectory trajectory = begun(sampler, 5);
    while (!trajectory.finished()) {
      trajectory.advance(towards(0.3, trajectory, sampler));
    }
    double bound = ENDING_NOISY.contains(name(spec)) ? 0.15 : 1e-4;
    for (float element : trajectory.result()) {
      assertThat((double) element).isCloseTo(0.3, within(bound));
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aRenderIsTheSameAloneAndWithOthers(
      @ForAll("specs") SamplingSpec one,
      @ForAll("specs") SamplingSpec other,
      @ForAll List<Boolean> turns) {
    Trajectory alone = begun(TestSamplers.to(one), 1);
    while (!alone.finished()) {
      advance(alone);
    }
    Trajectory first = begun(TestSamplers.to(one), 1);
    Trajectory second = begun(TestSamplers.to(other), 2);
    for (boolean turn : turns) {
      Trajectory next = turn ? first : second;
      if (!next.finished()) {
        advance(next);
      }
    }
    while (!first.finished()) {
      advance(first);
    }
    assertThat(first.result()).isEqualTo(alone.result());
  }

  /** Reading the estimate between the two halves of a step changes nothing. */
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void readingTheEstimateDoesNotChangeTheStep(@ForAll("specs") SamplingSpec spec) {
    Sampler sampler = TestSamplers.to(spec);
    Trajectory whole = begun(sampler, 5);
    Trajectory halves = begun(sampler, 5);
    while (!whole.finished()) {
      float[] output = towards(0.3, halves, sampler);
      halves.denoise(output);
      for (int i = 0; i < SIZE; i++) {
        assertThat((double) output[i]).isCloseTo(0.3, within(2e-3));
      }
      halves.accept(output);
      whole.advance(towards(0.3, whole, sampler));
      assertThat(halves.sample()).isEqualTo(whole.sample());
    }
    assertThat(halves.result()).isEqualTo(whole.result());
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aStrengthSkipsOnlyTheFirstSteps(@ForAll("specs") SamplingSpec spec) {
    Sampler partial = TestSamplers.to(spec);
    Sampler whole =
        TestSamplers.to(new SamplingSpec(spec.scheduler(), spec.steps(), spec.arguments(), 1));
    int skipped = whole.evaluations() - partial.evaluations();
    assertThat(skipped).isNotNegative();
    for (int k = 0; k < partial.evaluations(); k++) {
      assertThat(partial.level(k)).isEqualTo(whole.level(k + skipped));
      assertThat(partial.timestep(k)).isEqualTo(whole.timestep(k + skipped));
    }
  }

  @Provide
  Arbitrary<SamplingSpec> specs() {
    return SoundSpecs.all();
  }

  private static String name(SamplingSpec spec) {
    return (String) spec.scheduler().requested().get("_class_name");
  }

  private static double ratio(Level level) {
    return level.sigma() / level.alpha();
  }

  private static Trajectory begun(Sampler sampler, long seed) {
    NoiseSource noise = new PhiloxNoise(seed);
    return sampler.readsKnown()
        ? Trajectory.around(sampler, noise, new float[SIZE], new float[1])
        : new Trajectory(sampler, noise, SIZE);
  }

  /** Advances with an output that depends on the sample. */
  private static void advance(Trajectory trajectory) {
    float[] output = new float[2 * SIZE];
    for (int i = 0; i < SIZE; i++) {
      float x = trajectory.sample()[i];
      output[i] = 0.5f * x / (1 + Math.abs(x));
      output[SIZE + i] = 0.1f;
    }
    trajectory.advance(output);
  }

  /** Returns the output for which the estimate of the clean sample is {@code clean} everywhere. */
  private static float[] towards(double clean, Trajectory trajectory, Sampler sampler) {
    int k = trajectory.done();
    float[] output = new float[2 * SIZE];
    for (int i = 0; i < SIZE; i++) {
      double known = sampler.sampleFactor(k) * trajectory.sample()[i];
      output[i] = (float) ((clean - known) / sampler.outputFactor(k));
    }
    return output;
  }
}
