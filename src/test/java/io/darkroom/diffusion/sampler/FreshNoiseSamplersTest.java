package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.TorchCpuNoise;
import java.nio.FloatBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Samplers without an order of convergence, because they add fresh noise to their estimate or use
 * norms of noise. On Gaussian data their result is Gaussian with the data's mean and deviation.
 */
class FreshNoiseSamplersTest {
  private static final double MEAN = 0.3;
  private static final double DEVIATION = 0.25;
  private static final int SIZE = 40_000;

  /** The network's output for one element. */
  private interface Answer {
    double to(double x, Level level);
  }

  @Test
  void lcmWithAConsistencyFunctionGivesTheData() {
    Sampler sampler = TestSamplers.to("lcm", Map.of("prediction_type", "sample"), 4);
    checkDistribution(render(sampler, FreshNoiseSamplersTest::consistent), 0.005, 0.01);
  }

  @Test
  void aStochasticFlowWithAConsistencyFunctionGivesTheData() {
    Sampler sampler = TestSamplers.to("flow_euler", Map.of("stochastic_sampling", true), 4);
    Answer velocity = (x, level) -> (x - consistent(x, level)) / level.sigma();
    checkDistribution(render(sampler, velocity), 0.005, 0.01);
  }

  @Test
  void aConsistencyModelGivesTheData() {
    Sampler sampler = TestSamplers.to("consistency", Map.of("sigma_data", DEVIATION), 4);
    Trajectory trajectory = new Trajectory(sampler, new TorchCpuNoise(11), SIZE);
    while (!trajectory.finished()) {
      int k = trajectory.done();
      Level level = sampler.level(k);
      float[] output = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        double x = trajectory.sample()[i];
        double known = sampler.sampleFactor(k) * x;
        output[i] = (float) ((consistent(x, level) - known) / sampler.outputFactor(k));
      }
      trajectory.advance(output);
    }
    checkDistribution(trajectory.result(), 0.005, 0.01);
  }

  @Test
  void thePredictorAndCorrectorGiveTheData() {
    Sampler sampler = TestSamplers.to("sde_ve", Map.of("sigma_max", 50), 200);
    Answer score =
        (x, level) -> (MEAN - x) / (DEVIATION * DEVIATION + level.sigma() * level.sigma());
    checkDistribution(render(sampler, score), 0.02, 0.1);
  }

  @Test
  void theResultOfThePredictorAndCorrectorLacksTheLastNoise() {
    Sampler sampler = TestSamplers.to("sde_ve", Map.of(), 20);
    Trajectory trajectory = new Trajectory(sampler, new TorchCpuNoise(3), SIZE);
    while (!trajectory.finished()) {
      trajectory.advance(new float[SIZE]);
    }
    double squares = 0;
    for (int i = 0; i < SIZE; i++) {
      double difference = (double) trajectory.sample()[i] - trajectory.result()[i];
      squares += difference * difference / SIZE;
    }
    assertThat(Math.sqrt(squares)).isCloseTo(0.01, within(0.001));
  }

  @Test
  void repaintKeepsTheKnownPart() {
    Sampler sampler = TestSamplers.to("repaint", Map.of(), 20);
    float[] known = new float[64];
    float[] mask = new float[64];
    for (int i = 0; i < 64; i++) {
      known[i] = i / 64f;
      mask[i] = i % 2;
    }
    Trajectory trajectory = Trajectory.around(sampler, new TorchCpuNoise(5), known, mask);
    while (!trajectory.finished()) {
      trajectory.advance(new float[64]);
    }
    for (int i = 1; i < 64; i += 2) {
      assertThat(trajectory.result()[i]).isEqualTo(known[i]);
    }
  }

  @Test
  void repaintWithNothingKnownAndNoJumpsIsDdim() {
    Sampler repaint =
        TestSamplers.to("repaint", Map.of(), new Steps.Count(20), Map.of("jump_n_sample", 1));
    Sampler ddim = TestSamplers.to("ddim", Map.of(), 20);
    Trajectory first =
        Trajectory.around(repaint, new TorchCpuNoise(5), new float[64], new float[64]);
    Trajectory second = new Trajectory(ddim, new TorchCpuNoise(5), 64);
    while (!first.finished()) {
      first.advance(first.sample().clone());
      second.advance(second.sample().clone());
    }
    for (int i = 0; i < 64; i++) {
      assertThat(first.result()[i]).isCloseTo(second.result()[i], within(1e-5f));
    }
  }

  /**
   * Returns the result of the probability flow for a sample: the data with the same deviation from
   * the mean.
   */
  private static double consistent(double x, Level level) {
    double signal = level.alpha() * DEVIATION;
    double spread = Math.sqrt(signal * signal + level.sigma() * level.sigma());
    return MEAN + DEVIATION * (x - level.alpha() * MEAN) / spread;
  }

  private static float[] render(Sampler sampler, Answer answer) {
    Trajectory trajectory = new Trajectory(sampler, new TorchCpuNoise(11), SIZE);
    while (!trajectory.finished()) {
      Level level = sampler.level(trajectory.done());
      FloatBuffer input = FloatBuffer.allocate(SIZE);
      trajectory.writeInput(input);
      float[] output = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        output[i] = (float) answer.to(input.get(i), level);
      }
      trajectory.advance(output);
    }
    return trajectory.result();
  }

  private static void checkDistribution(float[] x, double ofMean, double ofDeviation) {
    double mean = 0;
    for (float each : x) {
      mean += each / (double) SIZE;
    }
    double variance = 0;
    for (float each : x) {
      variance += (each - mean) * (each - mean) / SIZE;
    }
    assertThat(mean).isCloseTo(MEAN, within(ofMean));
    assertThat(Math.sqrt(variance) / DEVIATION).isCloseTo(1, within(ofDeviation));
  }
}
