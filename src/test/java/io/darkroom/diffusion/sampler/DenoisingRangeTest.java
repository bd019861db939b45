package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.darkroom.diffusion.DenoisingRange;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.PhiloxNoise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of a schedule: one render continues where another one stopped. */
class DenoisingRangeTest {
  private static final int SIZE = 8;
  private static final int STEPS = 10;

  private static SamplingSpec spec(String sampler, DenoisingRange range) {
    SchedulerConfig config = new SchedulerConfig(Map.of(), Map.of("_class_name", sampler));
    return new SamplingSpec(config, new Steps.Count(STEPS), Map.of(), 1).withRange(range);
  }

  private static Sampler bound(String sampler, double start, double end) {
    return TestSamplers.to(spec(sampler, new DenoisingRange(start, end)));
  }

  private static List<Double> timesteps(Sampler sampler) {
    return IntStream.range(0, sampler.evaluations()).mapToObj(sampler::timestep).toList();
  }

  /** The timesteps of diffusers' SDXL pipelines for these fractions, from the golden data. */
  @Test
  void theStepsEqualTheReference() {
    Map<String, Object> leading =
        Map.of("_class_name", "euler", "timestep_spacing", "leading", "steps_offset", 1);
    SamplingSpec whole =
        new SamplingSpec(
            new SchedulerConfig(Map.of(), leading), new Steps.Count(STEPS), Map.of(), 1);
    assertThat(timesteps(TestSamplers.to(whole.withRange(new DenoisingRange(0, 0.6)))))
        .containsExactly(901.0, 801.0, 701.0, 601.0, 501.0, 401.0);
    assertThat(timesteps(TestSamplers.to(whole.withRange(new DenoisingRange(0.6, 1)))))
        .containsExactly(301.0, 201.0, 101.0, 1.0);
    assertThat(timesteps(TestSamplers.to(whole.withRange(new DenoisingRange(0.3, 0.6)))))
        .containsExactly(601.0, 501.0, 401.0);
  }

  @ParameterizedTest
  @CsvSource({
    "euler,0.6",
    "ddim,0.6",
    "ddim,0.25",
    "ddpm,0.5",
    "dpmpp_2m,0.5",
    "unipc,0.8",
    "heun,0.6",
    "flow_euler,0.4",
    "flow_heun,0.4",
    "lcm,0.5",
    "dpmpp_2s,0.5",
    "deis,0.7"
  })
  void aPartAndTheRestHaveTheEvaluationsOfTheWhole(String sampler, double share) {
    Sampler whole = bound(sampler, 0, 1);
    Sampler part = bound(sampler, 0, share);
    Sampler rest = bound(sampler, share, 1);
    assertThat(part.evaluations()).isPositive();
    assertThat(part.evaluations() + rest.evaluations()).isEqualTo(whole.evaluations());
    assertThat(part.lastLevel()).isEqualTo(rest.level(0)).isNotEqualTo(whole.lastLevel());
    for (int k = 0; k < rest.evaluations(); k++) {
      assertThat(rest.level(k)).isEqualTo(whole.level(k + part.evaluations()));
      assertThat(rest.timestep(k)).isEqualTo(whole.timestep(k + part.evaluations()));
    }
  }

  /** A noise schedule replaces the training: fractions are of its length. */
  @Test
  void fractionsReferToTheNoiseSchedulesLength() {
    NoiseSchedule schedule = new NoiseSchedule.Named("linear", 1e-4, 0.05, 50);
    SamplingSpec whole =
        new SamplingSpec(
            new SchedulerConfig(Map.of(), Map.of("_class_name", "ddim")),
            new Steps.Count(STEPS),
            Map.of(),
            1,
            Optional.of(schedule),
            true);
    Sampler part = TestSamplers.to(whole.withRange(new DenoisingRange(0, 0.6)));
    Sampler rest = TestSamplers.to(whole.withRange(new DenoisingRange(0.6, 1)));
    assertThat(part.evaluations()).isEqualTo(6);
    assertThat(rest.evaluations()).isEqualTo(4);
    assertThat(part.lastLevel()).isEqualTo(rest.level(0));
  }

  /** Tests solvers that keep no values from one step to the next. */
  @ParameterizedTest
  @ValueSource(strings = {"euler", "ddim", "heun", "flow_euler", "flow_heun"})
  void theRestContinuesWithTheBitsOfTheWholeRender(String sampler) {
    float[] whole = run(new Trajectory(bound(sampler, 0, 1), new PhiloxNoise(3), SIZE));
    float[] left = run(new Trajectory(bound(sampler, 0, 0.6), new PhiloxNoise(3), SIZE));
    Trajectory rest =
        Trajectory.begin(bound(sampler, 0.6, 1), new PhiloxNoise(4), left.clone(), Known.NOTHING);
    assertThat(left).isNotEqualTo(whole);
    assertThat(run(rest)).isEqualTo(whole);
  }

  /** The known part of a picture has the noise of the level at which the part ends. */
  @Test
  void theKnownPartOfAPictureHasTheRemainingNoise() {
    Sampler part = bound("euler", 0, 0.6);
    float[] ones = {1, 1};
    float[] noise = {1, -1};
    Trajectory trajectory =
        Trajectory.begin(
            part, new PhiloxNoise(3), new float[2], Known.putBack(ones, new float[] {1}, noise));
    float sigma = (float) part.lastLevel().sigma();
    assertThat(run(trajectory)).containsExactly(1 + sigma, 1 - sigma);
  }

  private static float[] run(Trajectory trajectory) {
    while (!trajectory.finished()) {
      float[] output = new float[trajectory.size()];
      for (int i = 0; i < output.length; i++) {
        float x = trajectory.sample()[i];
        output[i] = 0.5f * x / (1 + Math.abs(x));
      }
      trajectory.advance(output);
    }
    return trajectory.result();
  }

  @ParameterizedTest
  @CsvSource({
    "euler,0,0.0001,/denoising_end,leaves none of 10 evaluations",
    "euler,0.9999,1,/denoising_start,'leaves none of 10 steps, is 0.9999'",
    "plms,0.5,1,/denoising_start,is not known to PNDMScheduler",
    "plms,0,0.5,/denoising_end,is not known to PNDMScheduler",
    "edm_euler,0,0.5,/denoising_end,is not known to EDMEulerScheduler",
    "sde_ve,0,0.5,/denoising_end,is not known to ScoreSdeVeScheduler"
  })
  void invalidDenoisingRangesAreNamed(
      String sampler, double start, double end, String pointer, String message) {
    InvalidSampling invalid =
        catchThrowableOfType(
            InvalidSampling.class,
            () -> Samplers.bind(spec(sampler, new DenoisingRange(start, end))));
    assertThat(invalid.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.pointer()).isEqualTo(pointer);
              assertThat(problem.message()).isEqualTo(message);
            });
  }
}
