package io.darkroom.diffusion.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.TestSamplers;
import io.darkroom.image.MalformedNpy;
import io.darkroom.image.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Timesteps of sigmas with the arithmetic of diffusers and numpy, down to the bit that decides a
 * truncation.
 */
class FloatSigmasTest {

  @ParameterizedTest
  @EnumSource(names = {"SCALED_LINEAR", "SQUAREDCOS_CAP_V2"})
  void logarithmsHaveTheSameBitsAsNumpys(BetaSchedule schedule) throws Exception {
    FloatSigmas floats = FloatSigmas.of(curve(schedule));
    float[] wanted = logs(schedule);
    for (int t = 0; t < wanted.length; t++) {
      assertThat(floats.log(t)).as("log at %d", t).isEqualTo((double) wanted[t]);
    }
  }

  /** Results of numpy 1.24 for the tables of the golden numbers. */
  @ParameterizedTest
  @CsvSource({
    "linear, 1000, 999",
    "scaled_linear, 1000, 998",
    "squaredcos_cap_v2, 1000, 998",
    "exp, 1000, 999",
    "laplace, 1000, 998",
    "sigmoid, 1000, 998",
    "linear, 100, 99",
    "scaled_linear, 100, 98",
    "squaredcos_cap_v2, 100, 99"
  })
  void theLargestSigmaIsCutToTheReferencesTimestep(String schedule, int steps, int wanted) {
    boolean scaled = schedule.equals("scaled_linear");
    NoiseCurve curve =
        NoiseCurve.of(named(schedule), scaled ? 0.00085 : 0.0001, scaled ? 0.012 : 0.02, steps);
    FloatSigmas floats = FloatSigmas.of(curve);
    assertThat((int) floats.timestep(floats.most())).isEqualTo(wanted);
    assertThat((int) floats.timestep(floats.least())).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unipc", "deis", "sa_solver", "dpmpp_2m", "dpmpp_2s"})
  void multistepSolversUseTheTimestepsOfTheReference(String sampler) {
    Map<String, Object> options =
        Map.of(
            "beta_schedule",
            "scaled_linear",
            "beta_start",
            0.00085,
            "beta_end",
            0.012,
            "use_beta_sigmas",
            true);
    assertThat(timesteps(sampler, options))
        .containsExactly(998, 989, 966, 930, 874, 787, 634, 310, 0);
    assertThat(timesteps(sampler, Map.of("use_beta_sigmas", true)))
        .containsExactly(999, 993, 979, 958, 927, 882, 808, 658, 0);
  }

  @Test
  void timestepsBetweenTableEntriesAreLinearInTheLogarithm() {
    FloatSigmas floats = FloatSigmas.of(curve(BetaSchedule.SCALED_LINEAR));
    NoiseCurve curve = curve(BetaSchedule.SCALED_LINEAR);
    for (double sigma = 0.03; sigma < 14; sigma *= 1.1) {
      assertThat(Math.abs(floats.timestep(sigma) - curve.timestep(sigma))).isLessThan(1e-3);
    }
    assertThat(floats.timestep(1e-12)).isZero();
    assertThat(floats.timestep(700)).isEqualTo(999);
  }

  private static List<Integer> timesteps(String sampler, Map<String, Object> options) {
    Sampler bound = TestSamplers.to(sampler, options, 9);
    return java.util.stream.IntStream.range(0, 9).mapToObj(k -> (int) bound.timestep(k)).toList();
  }

  private static BetaSchedule named(String name) {
    return BetaSchedule.valueOf(name.toUpperCase(java.util.Locale.ROOT));
  }

  private static NoiseCurve curve(BetaSchedule schedule) {
    return NoiseCurve.of(schedule, 0.00085, 0.012, 1000);
  }

  private static float[] logs(BetaSchedule schedule) throws IOException, MalformedNpy {
    Path file = Path.of("src/test/resources/numpy/" + schedule + "_1000_log_sigmas.npy");
    return Npy.read(Files.readAllBytes(file), 1000).floats();
  }
}
