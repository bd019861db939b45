package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.noise.PhiloxNoise;
import io.darkroom.diffusion.noise.TorchCpuNoise;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrajectoryTest {
  private static final int SIZE = 1024;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Stream<GoldenCase> cases() {
    return GoldenCase.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void anEvaluationAllocatesNothing(GoldenCase golden) throws InvalidSampling {
    Sampler sampler = Samplers.bind(golden.spec());
    float[] output = new float[2 * SIZE];
    long least = Long.MAX_VALUE;
    // Allocations of the virtual machine's compiler must not count.
    for (int render = 0; render < 12 && least > 0; render++) {
      Trajectory trajectory = begun(sampler);
      long before = allocated();
      while (!trajectory.finished()) {
        Arrays.fill(output, 0.1f);
        trajectory.advance(output);
      }
      least = Math.min(least, allocated() - before);
    }
    assertThat(least).as("bytes in a render of %d evaluations", sampler.evaluations()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void otherImagesDoNotChangeAnImage(GoldenCase golden) throws InvalidSampling {
    Sampler sampler = Samplers.bind(golden.spec());
    Trajectory alone = begun(sampler);
    while (!alone.finished()) {
      alone.advance(answer(alone));
    }
    Trajectory first = begun(sampler);
    Trajectory second = begun(sampler);
    while (!second.finished()) {
      if (!first.finished() && first.done() < 2 * second.done() + 2) {
        first.advance(answer(first));
      } else {
        second.advance(answer(second));
      }
    }
    assertThat(first.result()).isEqualTo(alone.result());
    assertThat(second.result()).isEqualTo(alone.result());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theNumberOfDrawsIsTheOneThatTheSamplerReports(GoldenCase golden) throws InvalidSampling {
    Sampler sampler = Samplers.bind(golden.spec());
    int[] drawn = {0};
    NoiseSource counting =
        out -> {
          Arrays.fill(out, 0.1f);
          drawn[0]++;
        };
    Trajectory trajectory = begun(sampler, counting);
    int all = drawn[0];
    while (!trajectory.finished()) {
      int before = drawn[0];
      int wanted = sampler.draws(trajectory.done());
      trajectory.advance(answer(trajectory));
      assertThat(drawn[0] - before).isEqualTo(wanted);
      all += wanted;
    }
    assertThat(all).isEqualTo(golden.json().get("noise_draws").asInt());
  }

  @Test
  void theNetworkGetsInputsOfItsTrainingDistribution() {
    Sampler sampler = TestSamplers.to("euler", Map.of(), 10);
    Trajectory trajectory = new Trajectory(sampler, out -> Arrays.fill(out, 1), 2);
    FloatBuffer input = FloatBuffer.allocate(2);
    trajectory.writeInput(input);
    double sigma = sampler.level(0).sigma();
    assertThat((double) input.get(0)).isCloseTo(sigma / Math.hypot(1, sigma), within(1e-6));
  }

  @Test
  void aPictureIsNoisedToTheFirstLevel() throws InvalidSampling {
    SchedulerConfig config = new SchedulerConfig(Map.of(), Map.of("_class_name", "ddim"));
    Sampler sampler = Samplers.bind(new SamplingSpec(config, new Steps.Count(10), Map.of(), 0.5));
    assertThat(sampler.evaluations()).isEqualTo(5);
    float[] picture = {1, -1};
    Trajectory trajectory = Trajectory.from(sampler, out -> Arrays.fill(out, 0.5f), picture);
    Level level = sampler.level(0);
    assertThat(trajectory.sample()[1])
        .isCloseTo((float) (-level.alpha() + 0.5 * level.sigma()), within(1e-6f));
    assertThat(picture).containsExactly(1, -1);
  }

  @Test
  void anOutputWithoutItsVarianceIsRefused() {
    Sampler sampler = TestSamplers.to("ddpm", Map.of("variance_type", "learned_range"), 10);
    Trajectory trajectory = new Trajectory(sampler, new TorchCpuNoise(0), 16);
    assertThat(sampler.readsVariance()).isTrue();
    assertThatThrownBy(() -> trajectory.advance(new float[16]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("output must have 32 elements, has 16");
  }

  @Test
  void anInpaintingSamplerIsRefusedWithoutAPicture() {
    Sampler sampler = TestSamplers.to("repaint", Map.of(), 20);
    assertThat(sampler.readsKnown()).isTrue();
    assertThatThrownBy(() -> new Trajectory(sampler, new TorchCpuNoise(0), 16))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Trajectory begun(Sampler sampler) {
    return begun(sampler, new PhiloxNoise(1));
  }

  private static Trajectory begun(Sampler sampler, NoiseSource noise) {
    return sampler.readsKnown()
        ? Trajectory.around(sampler, noise, new float[SIZE], new float[SIZE])
        : new Trajectory(sampler, noise, SIZE);
  }

  private static float[] answer(Trajectory trajectory) {
    float[] output = new float[2 * SIZE];
    for (int i = 0; i < SIZE; i++) {
      output[i] = 0.5f * trajectory.sample()[i] / (1 + Math.abs(trajectory.sample()[i]));
      output[SIZE + i] = 0.1f;
    }
    return output;
  }

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
