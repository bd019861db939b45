package io.darkroom.diffusion.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.diffusion.Level;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NoiseCurveTest {

  @Property
  void levelsPreserveVariance(@ForAll("curves") NoiseCurve curve, @ForAll double where) {
    Level level = curve.level(place(curve, where));
    assertThat(level.power()).isCloseTo(1, within(1e-15));
  }

  @Property
  void signalFallsAndNoiseRises(@ForAll("curves") NoiseCurve curve) {
    for (int t = 1; t < curve.steps(); t++) {
      assertThat(curve.alphaCumprod(t)).isLessThan(curve.alphaCumprod(t - 1));
      assertThat(curve.level(t).lambda()).isLessThan(curve.level(t - 1).lambda());
    }
  }

  @Property
  void levelsAreConvertedBackToTheirTimesteps(@ForAll("curves") NoiseCurve curve) {
    for (int t = 0; t < curve.steps(); t++) {
      assertThat(curve.timestep(curve.sigma(t))).isEqualTo(t);
    }
  }

  @Property
  void timestepsAreConvertedBackToTheirSigmas(
      @ForAll("curves") NoiseCurve curve, @ForAll @DoubleRange(min = 0, max = 1) double share) {
    double t = share * (curve.steps() - 1);
    int below = (int) t;
    int above = Math.min(below + 1, curve.steps() - 1);
    double logSigma =
        (1 - (t - below)) * Math.log(curve.sigma(below))
            + (t - below) * Math.log(curve.sigma(above));
    assertThat(curve.timestep(Math.exp(logSigma))).isCloseTo(t, within(1e-6));
  }

  @Property
  void sigmaBetweenTimestepsIsBetweenTheirSigmas(
      @ForAll("curves") NoiseCurve curve, @ForAll @DoubleRange(min = -5, max = 2000) double t) {
    double sigma = curve.sigma(t);
    assertThat(sigma).isBetween(curve.sigma(0), curve.sigma(curve.steps() - 1));
  }

  @Property(tries = 200)
  void rescalingRemovesTheLastSignalAndKeepsTheFirstLevel(
      @ForAll @IntRange(min = 3, max = 2000) int steps) {
    NoiseCurve curve = NoiseCurve.of(BetaSchedule.SCALED_LINEAR, 0.00085, 0.012, steps);
    NoiseCurve rescaled = curve.rescaledToZeroSnr();
    assertThat(rescaled.alphaCumprod(steps - 1)).isZero();
    assertThat(rescaled.alphaCumprod(0)).isCloseTo(curve.alphaCumprod(0), within(1e-6f));
    assertThat(rescaled.withTraceOfSignal().alphaCumprod(steps - 1)).isEqualTo(0x1p-24f);
  }

  @Test
  void theTanhScheduleFollowsItsFormula() {
    NoiseCurve curve = NoiseCurve.of(BetaSchedule.TANH, 0.0001, 0.02, 1000);
    for (int t = 0; t < 1000; t++) {
      double z = -6 + 12.0 * t / 999;
      double beta = 0.0001 + (0.02 - 0.0001) * (1 + Math.tanh(z)) / 2;
      assertThat((double) curve.beta(t)).isCloseTo(beta, within(2e-8));
    }
  }

  @Test
  void theSigmoidScheduleFollowsItsFormula() {
    NoiseCurve curve = NoiseCurve.of(BetaSchedule.SIGMOID, 0.0001, 0.02, 1000);
    for (int t = 0; t < 1000; t++) {
      double z = -6 + 12.0 * t / 999;
      double beta = 0.0001 + (0.02 - 0.0001) / (1 + Math.exp(-z));
      assertThat((double) curve.beta(t)).isCloseTo(beta, within(2e-8));
    }
  }

  @Test
  void betasOrTheirRootsAreLinearInTheLinearSchedules() {
    NoiseCurve linear = NoiseCurve.of(BetaSchedule.LINEAR, 0.0001, 0.02, 1000);
    NoiseCurve scaled = NoiseCurve.of(BetaSchedule.SCALED_LINEAR, 0.0001, 0.02, 1000);
    for (int t = 0; t < 1000; t++) {
      double share = t / 999.0;
      double root = 0.01 + share * (Math.sqrt(0.02) - 0.01);
      assertThat((double) linear.beta(t)).isCloseTo(0.0001 + share * 0.0199, within(2e-9));
      assertThat((double) scaled.beta(t)).isCloseTo(root * root, within(6e-9));
    }
  }

  @Test
  void theExponentialScheduleLosesTheSameShareAtEachTimestep() {
    NoiseCurve curve = NoiseCurve.of(BetaSchedule.EXP, 0.0001, 0.02, 1000);
    for (int t = 0; t < 1000; t++) {
      double left = Math.exp(-12 * (t + 1) / 1000.0);
      assertThat(curve.alphaCumprod(t) / left).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void theLaplaceScheduleHasTheLogSnrOfItsDistribution() {
    NoiseCurve curve = NoiseCurve.of(BetaSchedule.LAPLACE, 0.0001, 0.02, 1000);
    double first = laplace(0);
    for (int t = 0; t < 990; t++) {
      double wanted = laplace((t + 1) / 1000.0) / first;
      assertThat(curve.alphaCumprod(t) / wanted).isCloseTo(1, within(1e-3));
    }
  }

  /** Hang et al. 2024, table 1, with location 0 and scale 1/2; the root as the reference has it. */
  private static double laplace(double t) {
    double lambda = -0.5 * Math.signum(0.5 - t) * Math.log(1 - 2 * Math.abs(0.5 - t) + 1e-6);
    return Math.sqrt(1 / (1 + Math.exp(-lambda)));
  }

  @Test
  void theConstantScheduleHasTheValueOfItsEnd() {
    NoiseCurve curve = NoiseCurve.of(BetaSchedule.CONSTANT, 0.0001, 0.02, 100);
    for (int t = 0; t < 100; t++) {
      assertThat(curve.beta(t)).isEqualTo(0.02f);
      double left = Math.pow(1 - 0.02, t + 1);
      assertThat((double) curve.alphaCumprod(t)).isCloseTo(left, within(1e-6));
    }
  }

  @Test
  void cosineIsAnotherNameOfSquaredcosCapV2() {
    assertThat(NoiseCurve.of(BetaSchedule.COSINE, 0.1, 0.2, 50))
        .isEqualTo(NoiseCurve.of(BetaSchedule.SQUAREDCOS_CAP_V2, 0.3, 0.4, 50));
  }

  @Test
  void theCosineScheduleHasTheSignalLevelOfItsFormula() {
    NoiseCurve curve = NoiseCurve.of(BetaSchedule.COSINE, 0.1, 0.2, 1000);
    for (int t = 0; t < 990; t++) {
      double cosine = Math.cos(((t + 1) / 1000.0 + 0.008) / 1.008 * Math.PI / 2);
      double first = Math.cos(0.008 / 1.008 * Math.PI / 2);
      double wanted = cosine * cosine / (first * first);
      assertThat((double) curve.alphaCumprod(t)).isCloseTo(wanted, within(2e-6));
    }
  }

  @Test
  void aCurveThatDoesNotFallIsFlawed() {
    assertThat(NoiseCurve.ofBetas(new float[] {0.1f, 0, 0.1f}).flaw()).isPresent();
    assertThat(NoiseCurve.ofBetas(new float[] {0.1f, 0.2f, 1}).flaw()).isEmpty();
    assertThat(NoiseCurve.ofBetas(new float[] {0.1f, 1, 0.1f}).flaw()).isPresent();
  }

  private static int place(NoiseCurve curve, double where) {
    return (int) (Math.abs(where % 1) * curve.steps());
  }

  @Provide
  Arbitrary<NoiseCurve> curves() {
    Arbitrary<Integer> steps = Arbitraries.of(1, 2, 6, 50, 100, 1000);
    return Combinators.combine(Arbitraries.of(BetaSchedule.values()), steps)
        .as((schedule, count) -> NoiseCurve.of(schedule, 0.0001, 0.02, count));
  }
}
