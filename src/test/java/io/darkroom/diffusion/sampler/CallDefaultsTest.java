package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Tests the arguments that diffusers' pipelines pass to a scheduler if a call leaves them out. */
class CallDefaultsTest {
  private static final Map<String, Object> FLUX =
      Map.of(
          "_class_name",
          "FlowMatchEulerDiscreteScheduler",
          "base_image_seq_len",
          256,
          "base_shift",
          0.5,
          "max_image_seq_len",
          4096,
          "max_shift",
          1.15,
          "shift",
          3.0,
          "use_dynamic_shifting",
          true);
  private static final Map<String, Object> LTX =
      Map.of(
          "_class_name",
          "FlowMatchEulerDiscreteScheduler",
          "base_image_seq_len",
          1024,
          "base_shift",
          0.95,
          "max_image_seq_len",
          4096,
          "max_shift",
          2.05,
          "shift",
          1.0,
          "shift_terminal",
          0.1,
          "use_dynamic_shifting",
          true);
  private static final Map<String, Object> QWEN =
      Map.of(
          "_class_name",
          "FlowMatchEulerDiscreteScheduler",
          "base_image_seq_len",
          256,
          "base_shift",
          0.5,
          "max_image_seq_len",
          8192,
          "max_shift",
          0.9,
          "shift",
          1.0,
          "shift_terminal",
          0.02,
          "time_shift_type",
          "exponential",
          "use_dynamic_shifting",
          true);

  private static SamplingSpec filled(Map<String, Object> config, long patches) {
    return CallDefaults.fill(spec(config, Map.of()), OptionalLong.of(patches));
  }

  private static SamplingSpec spec(Map<String, Object> config, Map<String, Object> arguments) {
    SchedulerConfig packaged = new SchedulerConfig(config, Map.of());
    return new SamplingSpec(packaged, new Steps.Count(4), arguments, 1);
  }

  private static void assertSigmas(SamplingSpec spec, double... sigmas) {
    Sampler sampler = TestSamplers.to(spec);
    for (int k = 0; k < sigmas.length; k++) {
      assertThat(sampler.level(k).sigma()).isCloseTo(sigmas[k], within(1e-12));
      assertThat(sampler.timestep(k)).isCloseTo(1000 * sigmas[k], within(1e-9));
    }
  }

  /** The expected numbers are results of calculate_shift and set_timesteps in Python's doubles. */
  @Test
  void muAndTimesEqualThePipelines() {
    SamplingSpec flux = filled(FLUX, 4096);
    assertThat((double) flux.arguments().get("mu")).isCloseTo(1.15, within(1e-15));
    assertThat(flux.steps()).isEqualTo(new Steps.Sigmas(List.of(1.0, 0.75, 0.5, 0.25)));
    assertSigmas(flux, 1, 0.9045307667386396, 0.7595109169491111, 0.5128441015091338);
    SamplingSpec half = filled(FLUX, 1024);
    assertThat((double) half.arguments().get("mu")).isCloseTo(0.63, within(1e-15));
    assertSigmas(half, 1, 0.8492348306829303, 0.6524894621927445, 0.38494474881746926);
    SamplingSpec ltx = filled(LTX, 352);
    assertThat((double) ltx.arguments().get("mu")).isCloseTo(0.709375, within(1e-15));
    assertSigmas(ltx, 1, 0.7872947551286599, 0.5021578257705155, 0.1);
    SamplingSpec qwen = filled(QWEN, 6889);
    assertThat((double) qwen.arguments().get("mu")).isCloseTo(0.8343245967741936, within(1e-15));
    assertSigmas(qwen, 1, 0.7809801331847829, 0.4755487963407512, 0.02);
  }

  @Test
  void aGivenMuIsUsedUnchanged() {
    SamplingSpec given = spec(FLUX, Map.of("mu", 1.15));
    SamplingSpec filled = CallDefaults.fill(given, OptionalLong.of(4096));
    assertThat(filled.steps()).isEqualTo(new Steps.Count(4));
    assertThat(filled.arguments()).isEqualTo(Map.of("mu", 1.15));
  }

  @Test
  void listedStepsAreNotChanged() {
    Steps listed = new Steps.Sigmas(List.of(1.0, 0.5));
    SamplingSpec given = new SamplingSpec(new SchedulerConfig(FLUX, Map.of()), listed, Map.of(), 1);
    SamplingSpec filled = CallDefaults.fill(given, OptionalLong.of(4096));
    assertThat(filled.steps()).isEqualTo(listed);
    assertThat(filled.arguments()).containsKey("mu");
  }

  @Test
  void aSolversOwnFlowTimesAreKept() {
    Map<String, Object> config = new HashMap<>(FLUX);
    config.put("_class_name", "UniPCMultistepScheduler");
    config.put("use_flow_sigmas", true);
    config.put("prediction_type", "flow_prediction");
    SamplingSpec filled = filled(config, 4096);
    assertThat(filled.steps()).isEqualTo(new Steps.Count(4));
    assertThat((double) filled.arguments().get("mu")).isCloseTo(1.15, within(1e-15));
    assertThat(TestSamplers.to(filled).evaluations()).isEqualTo(4);
    config.put("use_flow_sigmas", false);
    assertThat(filled(config, 4096).arguments()).doesNotContainKey("mu");
  }

  @Test
  void everyArgumentHasItsDefaultAndEtaIsThatOfThePipelines() {
    assertThat(filled(Map.of("_class_name", "tcd"), 1).arguments()).isEqualTo(Map.of("eta", 0.0));
    assertThat(filled(Map.of("_class_name", "ddim"), 1).arguments())
        .isEqualTo(Map.of("eta", 0.0, "use_clipped_model_output", false));
    assertThat(filled(Map.of("_class_name", "euler"), 1).arguments())
        .isEqualTo(Map.of("s_churn", 0.0, "s_tmin", 0.0, "s_tmax", "Infinity", "s_noise", 1.0));
    assertThat(filled(Map.of("_class_name", "dpmpp_2m"), 1).arguments()).isEmpty();
  }

  @Test
  void filledDefaultsChangeNothing() {
    for (String name : List.of("ddim", "euler", "edm_euler", "unipc", "flow_euler")) {
      SamplingSpec plain = spec(Map.of("_class_name", name), Map.of());
      Sampler own = TestSamplers.to(plain);
      Sampler filled = TestSamplers.to(CallDefaults.fill(plain, OptionalLong.of(64)));
      for (int k = 0; k < 4; k++) {
        assertThat(filled.timestep(k)).isEqualTo(own.timestep(k));
        assertThat(filled.draws(k)).isEqualTo(own.draws(k));
      }
    }
  }
}
