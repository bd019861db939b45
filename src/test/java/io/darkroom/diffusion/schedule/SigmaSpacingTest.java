package io.darkroom.diffusion.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.TestSamplers;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Compares spacings, shifts and rescaling with their formulas. */
class SigmaSpacingTest {

  @Property
  void sigmasDecreaseFromTheLargestToTheSmallest(
      @ForAll SigmaSpacing spacing,
      @ForAll @IntRange(min = 2, max = 200) int steps,
      @ForAll @DoubleRange(min = 1, max = 1000) double most,
      @ForAll @DoubleRange(min = 0.01, max = 0.9) double least) {
    double[] sigmas = spacing.between(most, least, steps);
    assertThat(sigmas).hasSize(steps);
    assertThat(sigmas[0]).isEqualTo(most);
    assertThat(sigmas[steps - 1]).isEqualTo(least);
    for (int i = 1; i < steps; i++) {
      assertThat(sigmas[i]).isLessThan(sigmas[i - 1]);
    }
  }

  @Property
  void karrasSigmasAreEvenlySpacedInTheirSeventhRoot(
      @ForAll @IntRange(min = 3, max = 100) int steps) {
    double[] sigmas = SigmaSpacing.KARRAS.between(80, 0.002, steps);
    double stride = (Math.pow(80, 1 / 7.) - Math.pow(0.002, 1 / 7.)) / (steps - 1);
    for (int i = 1; i < steps; i++) {
      double between = Math.pow(sigmas[i - 1], 1 / 7.) - Math.pow(sigmas[i], 1 / 7.);
      assertThat(between).isCloseTo(stride, within(1e-12));
    }
  }

  @Property
  void exponentialAndLuSigmasAreEvenlySpacedInLogSnr(
      @ForAll @IntRange(min = 3, max = 100) int steps) {
    for (SigmaSpacing spacing : List.of(SigmaSpacing.EXPONENTIAL, SigmaSpacing.LU)) {
      double[] sigmas = spacing.between(80, 0.002, steps);
      double factor = Math.pow(0.002 / 80, 1.0 / (steps - 1));
      for (int i = 1; i < steps; i++) {
        assertThat(sigmas[i] / sigmas[i - 1]).isCloseTo(factor, within(1e-12));
      }
    }
  }

  /** With both parameters 1 the distribution is even; with both 1/2 it is the arcsine's. */
  @Property
  void betaQuantilesEqualKnownDistributions(@ForAll @DoubleRange(min = 0, max = 1) double p) {
    double arcsine = Math.pow(Math.sin(Math.PI * p / 2), 2);
    assertThat(BetaDistribution.quantile(p, 1)).isCloseTo(p, within(1e-12));
    assertThat(BetaDistribution.quantile(p, 0.5)).isCloseTo(arcsine, within(1e-12));
    assertThat(BetaDistribution.quantile(p, 2)).isCloseTo(smooth(p), within(1e-9));
  }

  /** Returns the root of {@code 3 x² - 2 x³ = p}, the quantile for both parameters 2. */
  private static double smooth(double p) {
    return 0.5 - Math.sin(Math.asin(1 - 2 * p) / 3);
  }

  @Property
  void aFlowIsShiftedTowardsItsNoise(
      @ForAll @DoubleRange(min = 0.5, max = 8) double shift,
      @ForAll @IntRange(min = 2, max = 50) int steps) {
    List<Double> times = falling(steps);
    Sampler sampler =
        TestSamplers.to("flow_euler", Map.of("shift", shift), new Steps.Sigmas(times), Map.of());
    for (int k = 0; k < steps; k++) {
      double t = times.get(k);
      double wanted = shift * t / (1 + (shift - 1) * t);
      assertThat(sampler.level(k).sigma()).isCloseTo(wanted, within(1e-12));
      assertThat(sampler.timestep(k)).isCloseTo(1000 * wanted, within(1e-9));
    }
  }

  /** Esser et al. 2024, section 5.3.2: {@code e^mu / (e^mu + 1/t - 1)}, or mu for its power. */
  @Property
  void aFlowIsShiftedByTheSizeOfItsPicture(
      @ForAll @DoubleRange(min = 0.1, max = 2) double mu,
      @ForAll @IntRange(min = 2, max = 50) int steps) {
    List<Double> times = falling(steps);
    for (ShiftType type : ShiftType.values()) {
      Map<String, Object> dynamic =
          Map.of("use_dynamic_shifting", true, "time_shift_type", type.toString());
      Sampler sampler =
          TestSamplers.to("flow_euler", dynamic, new Steps.Sigmas(times), Map.of("mu", mu));
      double power = type == ShiftType.EXPONENTIAL ? Math.exp(mu) : mu;
      for (int k = 0; k < steps; k++) {
        double wanted = power / (power + 1 / times.get(k) - 1);
        assertThat(sampler.level(k).sigma()).isCloseTo(wanted, within(1e-12));
      }
    }
  }

  /** Lin et al. 2024, algorithm 1. */
  @Test
  void rescalingIsShiftAndStretchOfTheRoots() {
    NoiseCurve curve = NoiseCurve.of(BetaSchedule.LINEAR, 0.0001, 0.02, 1000);
    NoiseCurve rescaled = curve.rescaledToZeroSnr();
    double first = curve.level(0).alpha();
    double last = curve.level(999).alpha();
    for (int t = 0; t < 1000; t++) {
      double wanted = (curve.level(t).alpha() - last) * first / (first - last);
      assertThat(rescaled.level(t).alpha()).isCloseTo(wanted, within(2e-6));
    }
  }

  private static List<Double> falling(int steps) {
    return java.util.stream.IntStream.range(0, steps)
        .mapToObj(i -> 1 - i / (double) steps)
        .toList();
  }
}
