package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.TorchCpuNoise;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.NoiseCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests options that no golden case sets with their formulas. */
class OptionFormulaTest {

  @Test
  void trainedBetasGiveTheCurveOfTheirFormula() {
    NoiseCurve linear = NoiseCurve.of(BetaSchedule.LINEAR, 0.0001, 0.02, 1000);
    List<Double> betas = new ArrayList<>();
    for (int t = 0; t < 1000; t++) {
      betas.add((double) linear.beta(t));
    }
    Sampler spelt = TestSamplers.to("ddim", Map.of("trained_betas", betas), 20);
    Sampler named = TestSamplers.to("ddim", Map.of(), 20);
    for (int k = 0; k < 20; k++) {
      assertThat(spelt.level(k)).isEqualTo(named.level(k));
    }
  }

  @Test
  void aStepOfDdimEndsAtTheNextListedTimestep() {
    List<Double> list = List.of(900.0, 520.0, 33.0);
    Sampler sampler =
        TestSamplers.to("ddim", Map.of("clip_sample", false), new Steps.Timesteps(list), Map.of());
    Trajectory trajectory = new Trajectory(sampler, new TorchCpuNoise(1), 1);
    NoiseCurve curve = NoiseCurve.of(BetaSchedule.LINEAR, 0.0001, 0.02, 1000);
    double x = trajectory.sample()[0];
    for (int k = 0; k < 3; k++) {
      Level from = curve.level(list.get(k).intValue());
      Level to = k < 2 ? curve.level(list.get(k + 1).intValue()) : new Level(1, 0);
      double epsilon = 0.25 * (k + 1);
      x = to.alpha() * (x - from.sigma() * epsilon) / from.alpha() + to.sigma() * epsilon;
      assertThat(sampler.timestep(k)).isEqualTo(list.get(k));
      trajectory.advance(new float[] {(float) epsilon});
    }
    assertThat((double) trajectory.result()[0]).isCloseTo(x, within(1e-4));
  }

  @Test
  void eulerAtFinalMakesTheLastStepOneOfTheFirstOrder() {
    Map<String, Object> options =
        Map.of(
            "final_sigmas_type", "sigma_min",
            "lower_order_final", false,
            "euler_at_final", true);
    Map<String, Object> withoutIt =
        Map.of("final_sigmas_type", "sigma_min", "lower_order_final", false);
    for (Map<String, Object> each : List.of(options, withoutIt)) {
      Sampler sampler = TestSamplers.to("dpmpp_2m", each, 10);
      Trajectory trajectory = new Trajectory(sampler, new TorchCpuNoise(1), 1);
      while (trajectory.done() < 9) {
        trajectory.advance(new float[] {0.1f * trajectory.done()});
      }
      double x = trajectory.sample()[0];
      double denoised = sampler.sampleFactor(9) * x + sampler.outputFactor(9) * 0.5f;
      Level from = sampler.level(9);
      Level to = NoiseCurve.of(BetaSchedule.LINEAR, 0.0001, 0.02, 1000).level(0);
      double h = to.lambda() - from.lambda();
      double first = to.sigma() / from.sigma() * x - to.alpha() * StrictMath.expm1(-h) * denoised;
      trajectory.advance(new float[] {0.5f});
      double off = Math.abs(trajectory.sample()[0] - first);
      assertThat(off < 1e-5).isEqualTo(each.containsKey("euler_at_final"));
    }
  }

  @Test
  void gammaWeighsTheLastTwoEstimatesOfTheNoise() {
    Sampler plain = TestSamplers.to("euler", Map.of(), 3);
    Sampler once = TestSamplers.to("gradient_estimation", Map.of("gamma", 1), 3);
    Sampler thrice = TestSamplers.to("gradient_estimation", Map.of("gamma", 3), 3);
    Trajectory of1 = new Trajectory(once, new TorchCpuNoise(1), 1);
    Trajectory of3 = new Trajectory(thrice, new TorchCpuNoise(1), 1);
    double start = of3.sample()[0];
    double[] sigma = new double[3];
    float[] epsilon = {0.5f, -0.25f, 0.75f};
    for (int k = 0; k < 3; k++) {
      sigma[k] = plain.level(k).sigma() / plain.level(k).alpha();
      of1.advance(new float[] {epsilon[k]});
      of3.advance(new float[] {epsilon[k]});
    }
    double euler =
        start + 0.5 * (sigma[1] - sigma[0]) - 0.25 * (sigma[2] - sigma[1]) - 0.75 * sigma[2];
    double guessed =
        start
            + 0.5 * (sigma[1] - sigma[0])
            + (3 * -0.25 - 2 * 0.5) * (sigma[2] - sigma[1])
            - (3 * 0.75 - 2 * -0.25) * sigma[2];
    assertThat((double) of1.result()[0]).isCloseTo(euler, within(1e-5));
    assertThat((double) of3.result()[0]).isCloseTo(guessed, within(1e-5));
  }

  @Test
  void invertedSigmasGiveTheSameFlowInTheOtherDirection() {
    Sampler plain = TestSamplers.to("flow_euler", Map.of(), 10);
    Sampler inverted = TestSamplers.to("flow_euler", Map.of("invert_sigmas", true), 10);
    Trajectory one = new Trajectory(plain, new TorchCpuNoise(1), 4);
    Trajectory other = new Trajectory(inverted, new TorchCpuNoise(1), 4);
    for (int k = 0; k < 10; k++) {
      assertThat(inverted.level(k)).isEqualTo(plain.level(k));
      assertThat(inverted.timestep(k)).isCloseTo(1000 - plain.timestep(k), within(1e-9));
      one.advance(new float[] {0.5f, -1, 2, k});
      other.advance(new float[] {-0.5f, 1, -2, -k});
    }
    assertThat(other.result()).isEqualTo(one.result());
  }

  @Test
  void sigmasAreEvenlySpacedInTheRootRho() {
    Sampler sampler = TestSamplers.to("edm_euler", Map.of("rho", 3), 12);
    double stride = (Math.cbrt(80) - Math.cbrt(0.002)) / 11;
    for (int k = 1; k < 12; k++) {
      double before = Math.cbrt(sampler.level(k - 1).sigma());
      assertThat(before - Math.cbrt(sampler.level(k).sigma())).isCloseTo(stride, within(1e-12));
    }
  }

  /** Karras et al. 2022, table 1. */
  @Test
  void sigmaDataScalesSkipInputAndOutput() {
    double data = 0.8;
    Sampler sampler = TestSamplers.to("edm_euler", Map.of("sigma_data", data), 12);
    for (int k = 0; k < 12; k++) {
      double sigma = sampler.level(k).sigma();
      double total = sigma * sigma + data * data;
      assertThat(sampler.sampleFactor(k)).isCloseTo(data * data / total, within(1e-12));
      assertThat(sampler.outputFactor(k)).isCloseTo(sigma * data / Math.sqrt(total), within(1e-12));
      assertThat(sampler.inputScale(k)).isCloseTo(1 / Math.sqrt(total), within(1e-12));
    }
  }

  /** Song et al. 2021, equation 30: {@code sigma(t) = least (most / least)^t}. */
  @Test
  void samplingEpsIsTheTimeOfTheLastLevel() {
    Map<String, Object> options =
        Map.of("sampling_eps", 0.2, "sigma_min", 0.01, "sigma_max", 100.0);
    Sampler sampler = TestSamplers.to("sde_ve", options, 9);
    int last = sampler.evaluations() - 1;
    assertThat(sampler.level(0).sigma()).isCloseTo(100, within(1e-9));
    assertThat(sampler.level(last).sigma()).isCloseTo(0.01 * Math.pow(10_000, 0.2f), within(1e-9));
  }

  /**
   * The noise is computed again from the clipped estimate (Song et al. 2021, DDIM, equation 12).
   */
  @Test
  void aClippedOutputGivesTheNoiseThatFitsIt() {
    Sampler sampler =
        TestSamplers.to(
            "ddim", Map.of(), new Steps.Count(10), Map.of("use_clipped_model_output", true));
    Trajectory trajectory = new Trajectory(sampler, new TorchCpuNoise(1), 1);
    double x = trajectory.sample()[0];
    Level from = sampler.level(0);
    Level to = sampler.level(1);
    trajectory.advance(new float[] {(float) (x - 3 * from.alpha())});
    double estimate = (x - from.sigma() * (float) (x - 3 * from.alpha())) / from.alpha();
    double clipped = Math.max(-1, Math.min(1, estimate));
    assertThat(estimate).isNotEqualTo(clipped);
    double noise = (x - from.alpha() * clipped) / from.sigma();
    assertThat((double) trajectory.sample()[0])
        .isCloseTo(to.alpha() * clipped + to.sigma() * noise, within(1e-5));
  }
}
