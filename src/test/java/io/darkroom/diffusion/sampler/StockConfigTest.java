package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.darkroom.Golden;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.InvalidSampling.Problem;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.TorchCpuNoise;
import io.darkroom.json.DamagedConfig;
import io.darkroom.json.JsonConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@code scheduler_config.json} as diffusers writes it, given as a request's scheduler. */
class StockConfigTest {

  /**
   * The configuration of stabilityai/stable-diffusion-xl-base-1.0, with keys of three other
   * classes.
   */
  private static final Map<String, Object> SDXL =
      Map.ofEntries(
          Map.entry("_class_name", "EulerDiscreteScheduler"),
          Map.entry("_diffusers_version", "0.19.0.dev0"),
          Map.entry("beta_end", 0.012),
          Map.entry("beta_schedule", "scaled_linear"),
          Map.entry("beta_start", 0.00085),
          Map.entry("clip_sample", false),
          Map.entry("interpolation_type", "linear"),
          Map.entry("num_train_timesteps", 1000),
          Map.entry("prediction_type", "epsilon"),
          Map.entry("sample_max_value", 1.0),
          Map.entry("set_alpha_to_one", false),
          Map.entry("skip_prk_steps", true),
          Map.entry("steps_offset", 1),
          Map.entry("timestep_spacing", "leading"),
          Map.entry("use_karras_sigmas", false));

  static List<GoldenCase> cases() {
    return GoldenCase.all().stream().filter(each -> Files.exists(Golden.path(file(each)))).toList();
  }

  private static String file(GoldenCase golden) {
    return "samplers/" + golden.id() + "/scheduler_config.json";
  }

  private static Map<String, Object> written(GoldenCase golden) throws IOException, DamagedConfig {
    String file = file(golden);
    Map<String, Object> config = JsonConfig.read(file, Files.readAllBytes(Golden.path(file)));
    Map<String, Object> asText = new HashMap<>(config);
    asText.replaceAll((key, value) -> value.equals(Double.NEGATIVE_INFINITY) ? "-Infinity" : value);
    return asText;
  }

  private static SamplingSpec spec(Map<String, Object> requested, SamplingSpec like) {
    SchedulerConfig config = new SchedulerConfig(Map.of(), requested);
    return new SamplingSpec(config, like.steps(), like.arguments(), like.strength());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aConfigurationOfDiffusersGivesItsSampler(GoldenCase golden)
      throws IOException, DamagedConfig {
    Sampler built = TestSamplers.to(golden.spec());
    Sampler pasted = TestSamplers.to(spec(written(golden), golden.spec()));
    assertThat(pasted.prediction()).isEqualTo(built.prediction());
    assertThat(pasted.evaluations()).isEqualTo(built.evaluations());
    for (int k = 0; k < built.evaluations(); k++) {
      assertThat(pasted.timestep(k)).isEqualTo(built.timestep(k));
      assertThat(pasted.level(k)).isEqualTo(built.level(k));
    }
    if (!built.readsKnown() && !built.readsVariance()) {
      assertThat(sample(pasted)).isEqualTo(sample(built));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UniPCMultistepScheduler, solver_type, midpoint, bh2",
    "DPMSolverMultistepScheduler, solver_type, bh2, midpoint",
    "DEISMultistepScheduler, algorithm_type, dpmsolver++, deis",
    "DEISMultistepScheduler, solver_type, midpoint, logrho"
  })
  void aValueOfAnotherSchedulerIsReadAsDiffusersReadsIt(
      String scheduler, String key, String written, String meant) throws InvalidSampling {
    SchedulerConfig config =
        new SchedulerConfig(
            Map.of(),
            Map.of("_class_name", scheduler, "_diffusers_version", "0.30.0", key, written));

    Samplers.bind(new SamplingSpec(config, new Steps.Count(5), Map.of(), 1));

    assertThat(Samplers.warnings(config))
        .containsExactly(
            "/scheduler/" + key + ": " + written + " is read as " + meant + " by " + scheduler);
  }

  private static float[] sample(Sampler sampler) {
    Trajectory trajectory = new Trajectory(sampler, new TorchCpuNoise(3), 2);
    while (trajectory.done() < sampler.evaluations()) {
      trajectory.advance(new float[] {0.25f, -0.5f + 0.01f * trajectory.done()});
    }
    return trajectory.sample().clone();
  }

  @Test
  void keysOfOtherClassesAreIgnoredWithAWarning() throws InvalidSampling {
    SchedulerConfig config = new SchedulerConfig(Map.of(), SDXL);
    Samplers.bind(new SamplingSpec(config, new Steps.Count(20), Map.of(), 1));
    assertThat(Samplers.warnings(config))
        .containsExactly(
            "/scheduler/clip_sample: is not known to EulerDiscreteScheduler, is ignored",
            "/scheduler/sample_max_value: is not known to EulerDiscreteScheduler, is ignored",
            "/scheduler/set_alpha_to_one: is not known to EulerDiscreteScheduler, is ignored",
            "/scheduler/skip_prk_steps: is not known to EulerDiscreteScheduler, is ignored");
  }

  @Test
  void keysThatNoSchedulerHasAreViolations() {
    Map<String, Object> requested = new HashMap<>(SDXL);
    requested.put("use_karras_sigma", true);
    requested.put("_use_karras_sigmas", true);
    assertThat(problems(requested))
        .containsExactlyInAnyOrder(
            new Problem("/scheduler/use_karras_sigma", "is not known to EulerDiscreteScheduler"),
            new Problem("/scheduler/_use_karras_sigmas", "is not known to EulerDiscreteScheduler"));
  }

  @Test
  void handWrittenKeysMustBelongToTheNamedScheduler() {
    Map<String, Object> requested = Map.of("_class_name", "euler", "skip_prk_steps", true);
    assertThat(problems(requested))
        .containsExactly(
            new Problem("/scheduler/skip_prk_steps", "is not known to EulerDiscreteScheduler"));
  }

  private static List<Problem> problems(Map<String, Object> requested) {
    SchedulerConfig config = new SchedulerConfig(Map.of(), requested);
    SamplingSpec spec = new SamplingSpec(config, new Steps.Count(20), Map.of(), 1);
    InvalidSampling invalid =
        catchThrowableOfType(InvalidSampling.class, () -> Samplers.bind(spec));
    assertThat(invalid).isNotNull();
    return invalid.problems();
  }

  /** Returns each key without effect of every family, with a value other than the default. */
  static Stream<Map.Entry<String, Map<String, Object>>> withoutEffect() {
    Map<String, Object> values =
        Map.ofEntries(
            Map.entry("set_alpha_to_one", false),
            Map.entry("steps_offset", 1),
            Map.entry("timestep_spacing", "trailing"),
            Map.entry("clip_sample", true),
            Map.entry("clip_sample_range", 0.1),
            Map.entry("thresholding", true),
            Map.entry("dynamic_thresholding_ratio", 0.5),
            Map.entry("sample_max_value", 0.2),
            Map.entry("timestep_scaling", 3),
            Map.entry("num_train_timesteps", 500),
            Map.entry("noise_sampler_seed", 3),
            Map.entry("tau_func", "x"),
            Map.entry("solver_p", "x"));
    return Samplers.families().stream()
        .flatMap(
            family ->
                family.unread().stream()
                    .map(key -> Map.entry(family.className(), Map.of(key, values.get(key)))));
  }

  @ParameterizedTest
  @MethodSource("withoutEffect")
  void keysThatAreReportedAsWithoutEffectHaveNone(Map.Entry<String, Map<String, Object>> each) {
    Sampler plain = TestSamplers.to(each.getKey(), Map.of(), 8);
    Sampler with = TestSamplers.to(each.getKey(), each.getValue(), 8);
    for (int k = 0; k < plain.evaluations(); k++) {
      assertThat(with.timestep(k)).isEqualTo(plain.timestep(k));
    }
    assertThat(sample(with)).isEqualTo(sample(plain));
    Map<String, Object> requested = new HashMap<>(each.getValue());
    requested.put("_class_name", each.getKey());
    String key = each.getValue().keySet().iterator().next();
    assertThat(Samplers.warnings(new SchedulerConfig(Map.of(), requested)))
        .containsExactly("/scheduler/" + key + ": has no effect with " + each.getKey());
  }

  @Test
  void minusInfinityIsATextWhereNumbersAreUnbounded() {
    Sampler sampler = TestSamplers.to("dpmpp_2m", Map.of("lambda_min_clipped", "-Infinity"), 4);
    assertThat(sampler.evaluations()).isEqualTo(4);
    assertThat(problems(Map.of("_class_name", "dpmpp_2m", "lambda_min_clipped", "Infinity")))
        .containsExactly(
            new Problem(
                "/scheduler/lambda_min_clipped", "must be -Infinity to 100, is \"Infinity\""));
    assertThat(problems(Map.of("_class_name", "dpmpp_2m", "solver_order", "Infinity")))
        .containsExactly(new Problem("/scheduler/solver_order", "must be 1 to 3, is \"Infinity\""));
  }

  @Test
  void aPackagedValueThatTheRequestReplacesIsNotChecked() throws InvalidSampling {
    Map<String, Object> packaged =
        Map.of("_class_name", "FlowMatchX", "algorithm_type", "dpmsolver++", "prediction_type", 7);
    Map<String, Object> requested =
        Map.of(
            "_class_name", "sa_solver",
            "algorithm_type", "noise_prediction",
            "prediction_type", "v_prediction");
    SchedulerConfig config = new SchedulerConfig(packaged, requested);
    Sampler sampler = Samplers.bind(new SamplingSpec(config, new Steps.Count(6), Map.of(), 1));
    assertThat(sampler.prediction()).isEqualTo(PredictionType.V_PREDICTION);
    assertThat(sample(sampler)).isEqualTo(sample(TestSamplers.to("sa_solver", requested, 6)));
  }

  @Test
  void anAliasReplacesAPackagedValue() throws InvalidSampling {
    Map<String, Object> packaged = Map.of("algorithm_type", "data_prediction", "solver_order", 9);
    SchedulerConfig config = new SchedulerConfig(packaged, Map.of("_class_name", "dpmpp_2m_sde"));
    Sampler sampler = Samplers.bind(new SamplingSpec(config, new Steps.Count(6), Map.of(), 1));
    assertThat(sampler.draws(0)).isEqualTo(1);
  }
}
