package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.noise.TorchCpuNoise;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.NoiseCurve;
import io.darkroom.diffusion.schedule.NoiseSchedules;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The noise levels of inference can differ from those of the training. */
class NoiseScheduleTest {
  private static final NoiseCurve TRAINED = NoiseCurve.of(BetaSchedule.LINEAR, 0.0001, 0.02, 1000);
  private static final Map<String, Object> LINEAR =
      Map.of("beta_start", 0.0001, "beta_end", 0.02, "beta_schedule", "linear");

  private static final List<Double> DIFFWAVE = List.of(0.0001, 0.001, 0.01, 0.05, 0.2, 0.5);

  static Stream<String> schedulers() {
    return Samplers.families().stream()
        .filter(family -> family.options().stream().anyMatch(o -> o.key().equals("beta_schedule")))
        .map(SamplerFamily::className);
  }

  @ParameterizedTest
  @MethodSource("schedulers")
  void theScheduleOfTheTrainingGivesTheSameBitsAsNone(String scheduler) {
    NoiseSchedule same = new NoiseSchedule.Named("linear", 0.0001, 0.02, 1000);
    Sampler with = bind(scheduler, LINEAR, 20, Optional.of(same), true);
    Sampler without = bind(scheduler, LINEAR, 20, Optional.empty(), true);
    assertThat(with.evaluations()).isEqualTo(without.evaluations());
    for (int k = 0; k < with.evaluations(); k++) {
      assertThat(with.timestep(k)).isEqualTo(without.timestep(k));
      assertThat(with.level(k)).isEqualTo(without.level(k));
    }
    assertThat(render(with)).isEqualTo(render(without));
  }

  /**
   * Cosine levels begin at 130 times the largest noise level of the training and end below the
   * smallest.
   */
  @ParameterizedTest
  @CsvSource({
    "ddim, 0.004",
    "ddpm, 0.009",
    "euler, 0.004",
    "heun, 0.0005",
    "dpm2, 0.0005",
    "dpmpp_2m, 0.0005",
    "unipc, 0.0005",
    "deis, 0.0005"
  })
  void aLinearlyTrainedNetworkAlongCosineLevelsGivesTheDataDistribution(
      String scheduler, double bound) {
    NoiseSchedule cosine = new NoiseSchedule.Named("squaredcos_cap_v2", 0.0001, 0.02, 1000);
    Map<String, Object> config = new HashMap<>(LINEAR);
    config.put("timestep_spacing", "trailing");
    if (List.of("ddim", "ddpm").contains(scheduler)) {
      config.put("clip_sample", false);
    }
    Sampler sampler = bind(scheduler, config, 200, Optional.of(cosine), true);
    GaussianRun run = GaussianRun.atEnd(sampler, (k, input) -> epsilon(input, sampler.timestep(k)));
    assertThat(run.mean()).isCloseTo(GaussianRun.DATA_MEAN, within(1e-4));
    assertThat(run.deviation()).isCloseTo(GaussianRun.DATA_DEVIATION, within(bound));
  }

  /**
   * Kong et al. 2021, DiffWave, section 3 and appendix B: the network is evaluated at the
   * fractional timesteps of its formula. Here the fraction is determined by log-SNR, there by the
   * factor of the signal.
   */
  @Test
  void sixBetasAreVisitedAtTheTimestepsOfDiffWave() {
    Sampler sampler = diffWave();
    NoiseCurve trained = NoiseCurve.of(BetaSchedule.LINEAR, 0.0001, 0.05, 50);
    NoiseCurve visited = NoiseSchedules.curve(DIFFWAVE);
    assertThat(sampler.evaluations()).isEqualTo(6);
    for (int k = 0; k < 6; k++) {
      double signal = visited.level(5 - k).alpha();
      assertThat(sampler.level(k)).isEqualTo(visited.level(5 - k));
      int below = (int) sampler.timestep(k);
      double low = trained.level(below).alpha();
      double high = trained.level(below + 1).alpha();
      assertThat(signal).isLessThanOrEqualTo(low).isGreaterThan(high);
      double theirs = below + (low - signal) / (low - high);
      assertThat(sampler.timestep(k)).isCloseTo(theirs, within(0.07));
    }
    assertThat(sampler.timestep(5)).isZero();
  }

  /** Kong et al. 2021, algorithm 2, with the six betas instead of the training's. */
  @Test
  void sixBetasAreDiffWavesReverseSteps() {
    Sampler sampler = diffWave();
    NoiseSource noise = new TorchCpuNoise(3);
    Trajectory trajectory = new Trajectory(sampler, new TorchCpuNoise(3), 16);
    float[] x = new float[16];
    float[] z = new float[16];
    noise.fill(x);
    NoiseCurve visited = NoiseSchedules.curve(DIFFWAVE);
    for (int t = 5; t >= 0; t--) {
      double beta = DIFFWAVE.get(t);
      double left = visited.alphaCumprod(t);
      double before = t > 0 ? visited.alphaCumprod(t - 1) : 1;
      double spread = Math.sqrt(beta * (1 - before) / (1 - left));
      if (t > 0) {
        noise.fill(z);
      }
      float[] output = new float[16];
      for (int i = 0; i < 16; i++) {
        double epsilon = Math.sin(3 * x[i] + t);
        double mean = (x[i] - beta / Math.sqrt(1 - left) * epsilon) / Math.sqrt(1 - beta);
        output[i] = (float) Math.sin(3 * trajectory.sample()[i] + t);
        x[i] = (float) (mean + spread * z[i]);
      }
      trajectory.advance(output);
      assertThat(trajectory.sample()).usingComparatorWithPrecision(2e-5f).containsExactly(x);
    }
  }

  /** The numbers are those of DiffWave's published inference, in float32. */
  @ParameterizedTest
  @CsvSource({
    "AMPLITUDE, 42.918643951416016, 22.99249267578125, 10.45181655883789, 4.086654186248779,"
        + " 0.8941341042518616",
    "LOG_SNR, 42.91883537041316, 22.992724150418752, 10.472913211827484, 4.103926262395704,"
        + " 0.9590907321818039"
  })
  void timestepsDependOnTheAlignment(
      NoiseSchedule.Alignment alignment, double t5, double t4, double t3, double t2, double t1) {
    Sampler sampler = diffWave(alignment, false);
    double[] expected = {t5, t4, t3, t2, t1, 0};
    for (int k = 0; k < 6; k++) {
      assertThat(sampler.timestep(k)).isCloseTo(expected[k], within(2e-4));
    }
  }

  @Test
  void theSampleIsBoundedAfterEachEvaluation() {
    Sampler plain = diffWave(NoiseSchedule.Alignment.AMPLITUDE, false);
    Sampler clamped = diffWave(NoiseSchedule.Alignment.AMPLITUDE, true);
    Trajectory free = new Trajectory(plain, new TorchCpuNoise(3), 64);
    Trajectory held = new Trajectory(clamped, new TorchCpuNoise(3), 64);
    boolean bounded = false;
    for (int k = 0; k < 6; k++) {
      float[] sample = free.sample();
      System.arraycopy(held.sample(), 0, sample, 0, 64);
      float[] output = new float[64];
      for (int i = 0; i < 64; i++) {
        output[i] = (float) Math.sin(3 * sample[i] + k);
      }
      free.advance(output.clone());
      held.advance(output);
      for (int i = 0; i < 64; i++) {
        assertThat(held.sample()[i]).isEqualTo(Math.max(-1, Math.min(1, free.sample()[i])));
        bounded |= Math.abs(free.sample()[i]) > 1;
      }
    }
    assertThat(bounded).isTrue();
  }

  /** A bound must not turn an overflow into a picture. */
  @ParameterizedTest
  @ValueSource(floats = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN})
  void theBoundKeepsNumbersThatAreNotFinite(float value) {
    Sampler clamped = diffWave(NoiseSchedule.Alignment.AMPLITUDE, true);
    Trajectory trajectory = new Trajectory(clamped, new TorchCpuNoise(3), 2);
    trajectory.sample()[0] = value;
    trajectory.advance(new float[2]);
    assertThat(Float.isFinite(trajectory.sample()[0])).isFalse();
    assertThat(Float.isFinite(trajectory.sample()[1])).isTrue();
  }

  @Test
  void aNetworksOwnScheduleIsVisitedAtItsTimestepsInEitherAlignment() {
    NoiseSchedule own = new NoiseSchedule.Named("linear", 0.0001, 0.02, 1000);
    NoiseSchedule aligned =
        new NoiseSchedule.Aligned(own, NoiseSchedule.Alignment.AMPLITUDE, false);
    Sampler with = bind("ddim", LINEAR, 20, Optional.of(aligned), true);
    Sampler without = bind("ddim", LINEAR, 20, Optional.empty(), true);
    for (int k = 0; k < 20; k++) {
      assertThat(with.timestep(k)).isEqualTo(without.timestep(k));
    }
  }

  private static Sampler diffWave() {
    return diffWave(NoiseSchedule.Alignment.LOG_SNR, false);
  }

  private static Sampler diffWave(NoiseSchedule.Alignment alignment, boolean clamps) {
    Map<String, Object> config =
        Map.of("num_train_timesteps", 50, "beta_end", 0.05, "clip_sample", false);
    NoiseSchedule betas = new NoiseSchedule.Betas(DIFFWAVE);
    return bind(
        "ddpm", config, 6, Optional.of(new NoiseSchedule.Aligned(betas, alignment, clamps)), true);
  }

  @Test
  void aNetworkOfWholeTimestepsIsEvaluatedAtTheNearest() {
    NoiseSchedule betas = new NoiseSchedule.Betas(DIFFWAVE);
    Sampler fractional = bind("ddpm", Map.of(), 6, Optional.of(betas), true);
    Sampler whole = bind("ddpm", Map.of(), 6, Optional.of(betas), false);
    for (int k = 0; k < 6; k++) {
      assertThat(whole.timestep(k)).isEqualTo(Math.rint(fractional.timestep(k)));
      assertThat(whole.level(k)).isEqualTo(fractional.level(k));
    }
  }

  @Test
  void violationsOfAScheduleAreNamed() {
    NoiseSchedule named = new NoiseSchedule.Named("squared", 0, 1.5, 0);
    assertThatThrownBy(() -> Samplers.bind(spec("ddpm", Map.of(), 1, Optional.of(named), true)))
        .isInstanceOfSatisfying(
            InvalidSampling.class,
            invalid ->
                assertThat(invalid.problems().stream().map(InvalidSampling.Problem::pointer))
                    .contains(
                        "/noise_schedule/beta_schedule",
                        "/noise_schedule/beta_start",
                        "/noise_schedule/beta_end",
                        "/noise_schedule/steps"));
  }

  @Test
  void aFlowRejectsANoiseSchedule() {
    NoiseSchedule named = new NoiseSchedule.Named("linear", 0.0001, 0.02, 100);
    assertThatThrownBy(
            () -> Samplers.bind(spec("flow_euler", Map.of(), 4, Optional.of(named), true)))
        .hasMessageContaining("/noise_schedule")
        .hasMessageContaining("is not known to FlowMatchEulerDiscreteScheduler");
  }

  private static Sampler bind(
      String scheduler,
      Map<String, Object> config,
      int steps,
      Optional<NoiseSchedule> schedule,
      boolean fractional) {
    return TestSamplers.to(spec(scheduler, config, steps, schedule, fractional));
  }

  private static SamplingSpec spec(
      String scheduler,
      Map<String, Object> config,
      int steps,
      Optional<NoiseSchedule> schedule,
      boolean fractional) {
    Map<String, Object> requested = new HashMap<>(config);
    requested.put("_class_name", scheduler);
    SchedulerConfig scheduling = new SchedulerConfig(Map.of(), requested);
    return new SamplingSpec(scheduling, new Steps.Count(steps), Map.of(), 1, schedule, fractional);
  }

  private static float[] render(Sampler sampler) {
    NoiseSource noise = new TorchCpuNoise(7);
    float[] mask = new float[1];
    Trajectory trajectory =
        sampler.readsKnown()
            ? Trajectory.around(sampler, noise, new float[64], mask)
            : new Trajectory(sampler, noise, 64);
    while (!trajectory.finished()) {
      FloatBuffer input = FloatBuffer.allocate(64);
      trajectory.writeInput(input);
      float[] output = input.array();
      for (int i = 0; i < output.length; i++) {
        output[i] = (float) epsilon(output[i], trajectory.timestep());
      }
      trajectory.advance(output);
    }
    return trajectory.result();
  }

  /** Returns the output of a network that was trained linearly to predict the noise. */
  private static double epsilon(double x, double timestep) {
    double sigma = Math.exp(logSigma(timestep));
    double alpha = 1 / Math.hypot(1, sigma);
    double deviation = GaussianRun.DATA_DEVIATION;
    double total = alpha * alpha * (deviation * deviation + sigma * sigma);
    return alpha * sigma * (x - alpha * GaussianRun.DATA_MEAN) / total;
  }

  private static double logSigma(double timestep) {
    int below = (int) Math.max(0, Math.min(998, timestep));
    double low = Math.log(TRAINED.sigma(below));
    return low + (timestep - below) * (Math.log(TRAINED.sigma(below + 1)) - low);
  }
}
