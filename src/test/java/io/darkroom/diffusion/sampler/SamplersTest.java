package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.InvalidSampling.Problem;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.TorchCpuNoise;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplersTest {

  static Stream<SamplerFamily> families() {
    return Samplers.families().stream();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ddpm",
        "ddim",
        "pndm",
        "plms",
        "lms",
        "euler",
        "euler_a",
        "heun",
        "dpm2",
        "dpm2_a",
        "dpmpp_2m",
        "dpmpp_3m",
        "dpmpp_2m_sde",
        "dpmpp_3m_sde",
        "dpmpp_2s",
        "dpmpp_3s",
        "unipc",
        "deis",
        "sa_solver",
        "lcm",
        "tcd",
        "ipndm",
        "edm_euler",
        "edm_dpmpp",
        "flow_euler",
        "flow_heun",
        "gradient_estimation",
        "sde_ve",
        "repaint",
        "dpmpp_sde",
        "cosine_dpmpp_sde",
        "consistency",
        "DDIMParallelScheduler",
        "DDPMParallelScheduler"
      })
  void everyShortNameIsASampler(String name) {
    assertThat(Samplers.family(name)).isPresent();
    assertThat(TestSamplers.to(name, Map.of(), 20).evaluations()).isPositive();
  }

  @Test
  void noTwoFamiliesShareAName() {
    Set<String> names = new HashSet<>();
    families()
        .forEach(
            family -> {
              assertThat(names.add(family.className())).isTrue();
              family.aliases().forEach(alias -> assertThat(names.add(alias.name())).isTrue());
            });
  }

  @ParameterizedTest
  @MethodSource("families")
  void standardValuesAndPresetsKeepTheirRules(SamplerFamily family) {
    Set<String> keys = new HashSet<>();
    for (Option<?> option : family.options()) {
      assertThat(keys.add(option.key())).as(option.key()).isTrue();
      assertThat(option.rule()).isNotBlank();
    }
    for (Alias alias : family.aliases()) {
      alias.presets().forEach((key, value) -> assertThat(keys).contains(key));
      assertThat(TestSamplers.to(alias.name(), Map.of(), 20).evaluations()).isPositive();
    }
  }

  @Test
  void anUnknownSchedulerIsNamedAndKnownOnesAreListed() {
    List<Problem> problems = problems("nonesuch", Map.of(), Map.of(), new Steps.Count(0));
    assertThat(problems)
        .extracting(Problem::pointer)
        .containsExactly("/scheduler/_class_name", "/num_inference_steps");
    assertThat(problems.get(0).message())
        .startsWith("must be one of consistency, cosine_dpmpp_sde, ddim, ddpm, deis, dpm2, ")
        .contains(" euler, euler_a, ", " unipc, ")
        .endsWith(" or the diffusers class of one, is \"nonesuch\"");
  }

  @ParameterizedTest
  @CsvSource({
    "VQDiffusionScheduler, 'it draws tokens, not noise'",
    "CogVideoXDPMScheduler, it belongs to a video pipeline",
    "DDIMInverseScheduler, it goes from an image to noise",
    "FlowMatchLCMScheduler, use flow_euler with stochastic_sampling",
    "FlaxDDIMScheduler, 'use the class of PyTorch, DDIMScheduler'"
  })
  void aSchedulerThatIsNotServedIsRefusedWithTheReason(String name, String reason) {
    assertThat(problems(name, Map.of(), Map.of(), new Steps.Count(4)))
        .containsExactly(new Problem("/scheduler/_class_name", name + " is not served: " + reason));
  }

  @Test
  void parallelSchedulersEqualThePlainOnes() {
    for (String plain : List.of("DDIM", "DDPM")) {
      Sampler one = TestSamplers.to(plain + "Scheduler", Map.of(), 7);
      Sampler other = TestSamplers.to(plain + "ParallelScheduler", Map.of(), 7);
      assertThat(other).isEqualTo(one);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"euler", "flow_euler", "unipc"})
  void listedSigmasMayEndWithA0(String name) {
    Map<String, Object> options =
        name.equals("unipc")
            ? Map.of("use_flow_sigmas", true, "prediction_type", "flow_prediction")
            : Map.of();
    List<Double> open = List.of(0.9, 0.5, 0.2);
    Sampler one = TestSamplers.to(name, options, new Steps.Sigmas(open), Map.of());
    List<Double> closed = List.of(0.9, 0.5, 0.2, 0.0);
    Sampler other = TestSamplers.to(name, options, new Steps.Sigmas(closed), Map.of());
    assertThat(one.evaluations()).isEqualTo(3);
    assertThat(new Steps.Sigmas(closed).count()).isEqualTo(3);
    Trajectory begun = new Trajectory(one, new TorchCpuNoise(3), 4);
    Trajectory second = new Trajectory(other, new TorchCpuNoise(3), 4);
    for (int k = 0; k < 3; k++) {
      assertThat(other.level(k)).isEqualTo(one.level(k));
      assertThat(other.timestep(k)).isEqualTo(one.timestep(k));
      begun.advance(new float[] {0.1f, -0.2f, k, 0});
      second.advance(new float[] {0.1f, -0.2f, k, 0});
    }
    assertThat(second.finished()).isTrue();
    assertThat(second.result()).isEqualTo(begun.result());
  }

  @Test
  void sigmasOfA0AloneAreRefused() {
    assertThat(problems("euler", Map.of(), Map.of(), new Steps.Sigmas(List.of(0.0))))
        .containsExactly(new Problem("/sigmas/0", "must be above 0, is 0"));
  }

  @Test
  void everyViolationIsListed() {
    Map<String, Object> requested =
        Map.of("solver_order", 4, "frobnicate/d~", true, "use_karras_sigmas", "true");
    assertThat(problems("dpmpp_2m", requested, Map.of("eta", 1), new Steps.Count(1001)))
        .containsExactlyInAnyOrder(
            new Problem("/scheduler/solver_order", "must be 1 to 3, is 4"),
            new Problem(
                "/scheduler/frobnicate~1d~0", "is not known to DPMSolverMultistepScheduler"),
            new Problem("/scheduler/use_karras_sigmas", "must be true or false, is \"true\""),
            new Problem("/eta", "is not known to DPMSolverMultistepScheduler"),
            new Problem("/num_inference_steps", "must be 1 to 1000, is 1001"));
  }

  @Test
  void keysOfTheLibraryItselfAreIgnored() {
    Map<String, Object> requested = Map.of("_diffusers_version", "0.40.0");
    assertThat(TestSamplers.to("euler", requested, 4).evaluations()).isEqualTo(4);
  }

  @Test
  void unknownKeysOfAPackageAreIgnored() throws InvalidSampling {
    Map<String, Object> packaged = Map.of("_class_name", "DDIMScheduler", "skip_prk_steps", true);
    SchedulerConfig config = new SchedulerConfig(packaged, Map.of());
    SamplingSpec spec = new SamplingSpec(config, new Steps.Count(5), Map.of(), 1);
    assertThat(Samplers.bind(spec).evaluations()).isEqualTo(5);
  }

  @Test
  void aPackagesValuesApplyToAnotherSchedulerThatHasTheKey() throws InvalidSampling {
    Map<String, Object> packaged =
        Map.of(
            "_class_name", "PNDMScheduler",
            "timestep_spacing", "leading",
            "steps_offset", 1,
            "prediction_type", "v_prediction");
    SchedulerConfig config = new SchedulerConfig(packaged, Map.of("_class_name", "euler"));
    Sampler sampler = Samplers.bind(new SamplingSpec(config, new Steps.Count(10), Map.of(), 1));
    assertThat(sampler.timestep(0)).isEqualTo(901);
    assertThat(sampler.prediction()).isEqualTo(PredictionType.V_PREDICTION);
  }

  @Test
  void aPackagesValuesForAnotherSolverAreReadAsTheNearest() throws InvalidSampling {
    Map<String, Object> packaged =
        Map.of("_class_name", "DPMSolverMultistepScheduler", "solver_type", "midpoint");
    SchedulerConfig unipc = new SchedulerConfig(packaged, Map.of("_class_name", "unipc"));
    SamplingSpec spec = new SamplingSpec(unipc, new Steps.Count(5), Map.of(), 1);
    assertThat(Samplers.bind(spec).evaluations()).isEqualTo(5);
    assertThat(problems("unipc", Map.of("solver_type", "midpoint"), Map.of(), new Steps.Count(5)))
        .containsExactly(
            new Problem("/scheduler/solver_type", "must be one of bh1, bh2, is \"midpoint\""));
  }

  @Test
  void aRequestOverridesAnAliasAndAnAliasOverridesThePackage() {
    assertThat(draws(Map.of("algorithm_type", "dpmsolver++"), "dpmpp_2m_sde", Map.of())).isOne();
    assertThat(draws(Map.of("algorithm_type", "sde-dpmsolver++"), "dpmpp_2m", Map.of())).isZero();
    Map<String, Object> asked = Map.of("algorithm_type", "sde-dpmsolver++");
    assertThat(draws(Map.of(), "dpmpp_2m", asked)).isOne();
  }

  @Test
  void aBadValueOfAPackageIsAViolation() {
    SchedulerConfig config =
        new SchedulerConfig(Map.of("_class_name", "ddim", "beta_start", -1), Map.of());
    SamplingSpec spec = new SamplingSpec(config, new Steps.Count(5), Map.of(), 1);
    assertThatExceptionOfType(InvalidSampling.class)
        .isThrownBy(() -> Samplers.bind(spec))
        .satisfies(
            invalid ->
                assertThat(invalid.problems())
                    .extracting(Problem::pointer)
                    .containsExactly("/scheduler/beta_start"));
  }

  @Test
  void aNoisePredictionWithoutSignalIsRefused() {
    Map<String, Object> requested =
        Map.of("rescale_betas_zero_snr", true, "timestep_spacing", "trailing");
    assertThat(problems("ddim", requested, Map.of(), new Steps.Count(5)))
        .containsExactly(
            new Problem(
                "/scheduler/prediction_type",
                "epsilon has no estimate at timestep 999.0, where no signal is left"));
  }

  @Test
  void aStrengthThatLeavesNoStepIsRefused() {
    SchedulerConfig config = new SchedulerConfig(Map.of(), Map.of("_class_name", "euler"));
    SamplingSpec spec = new SamplingSpec(config, new Steps.Count(5), Map.of(), 0.1);
    assertThatExceptionOfType(InvalidSampling.class)
        .isThrownBy(() -> Samplers.bind(spec))
        .satisfies(
            invalid ->
                assertThat(invalid.problems())
                    .containsExactly(new Problem("/strength", "leaves none of 5 steps, is 0.1")));
  }

  @Test
  void listedTimestepsMustDecrease() {
    assertThat(
            problems("ddpm", Map.of(), Map.of(), new Steps.Timesteps(List.of(900.0, 950.0, 10.0))))
        .containsExactly(
            new Problem("/timesteps/1", "must be 0 or more and below the one before, is 950.0"));
    assertThat(problems("ddpm", Map.of(), Map.of(), new Steps.Timesteps(List.of(1000.0, 10.0))))
        .extracting(Problem::pointer)
        .containsExactly("/timesteps/0");
    assertThat(problems("pndm", Map.of(), Map.of(), new Steps.Timesteps(List.of(900.0, 10.0))))
        .containsExactly(
            new Problem("/timesteps", "is not known to PNDMScheduler, which takes a step count"));
  }

  private static int draws(
      Map<String, Object> packaged, String name, Map<String, Object> requested) {
    Map<String, Object> all = new HashMap<>(requested);
    all.put("_class_name", name);
    SchedulerConfig config = new SchedulerConfig(packaged, all);
    return TestSamplers.to(new SamplingSpec(config, new Steps.Count(5), Map.of(), 1)).draws(0);
  }

  private static List<Problem> problems(
      String name, Map<String, Object> requested, Map<String, Object> arguments, Steps steps) {
    Map<String, Object> all = new HashMap<>(requested);
    all.put("_class_name", name);
    SchedulerConfig config = new SchedulerConfig(Map.of(), all);
    try {
      Samplers.bind(new SamplingSpec(config, steps, arguments, 1));
      return List.of();
    } catch (InvalidSampling invalid) {
      return invalid.problems();
    }
  }
}
