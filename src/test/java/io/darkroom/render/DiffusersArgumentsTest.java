package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that schedulers and arguments of diffusers calls are accepted, and that the event contains
 * them.
 */
class DiffusersArgumentsTest {
  private static final Path FOUND = Path.of("src/test/resources/found");
  @TempDir static Path folder;
  private static TestWorker darkroom;

  @BeforeAll
  static void open() {
    darkroom = new TestWorker(folder, "emoji-64");
  }

  @AfterAll
  static void close() {
    darkroom.close();
  }

  private static Manifest completed(String request) {
    RenderOutcome outcome = darkroom.settle(request).outcome();
    assertThat(outcome).isInstanceOf(RenderOutcome.Completed.class);
    return ((RenderOutcome.Completed) outcome).manifest();
  }

  private static Manifest found(String name) throws IOException {
    return completed(Files.readString(FOUND.resolve(name)));
  }

  private static String request(String id, String more) {
    return "{'id':'%s','kind':'generate','model':'emoji-64','prompt':'x',%s}".formatted(id, more);
  }

  @Test
  void aRequestCanReplaceAPackagedAlgorithm() throws IOException {
    assertThat(found("sa-solver-refused.json").warnings()).isEmpty();
  }

  @Test
  void theDefaultEtaOfADistilledSamplerIsInTheEvent() throws IOException {
    Manifest silent = found("tcd-eta.json");
    assertThat(silent.request()).containsEntry("eta", 0.0);
    Manifest zero =
        completed(
            request(
                "tcd-0",
                "'num_inference_steps':2,'seed':1,'scheduler':{'_class_name':'tcd'},'eta':0"));
    assertThat(pixels(silent)).isEqualTo(pixels(zero));
  }

  @Test
  void dynamicShiftingTakesItsMuFromThePicturesSize() throws IOException {
    Manifest manifest = found("mu-dead-end.json");
    // 64 x 64 pixels are 16 x 16 cells of latents, 64 patches.
    assertThat((double) manifest.request().get("mu"))
        .isCloseTo(0.5 - 192 * 0.65 / 3840, within(1e-12));
    assertThat(manifest.request()).containsKey("sigmas").doesNotContainKey("num_inference_steps");
    assertThat(manifest.steps()).isEqualTo(5);
  }

  @Test
  void argumentsOfACallReachTheSampler() {
    String euler = "'num_inference_steps':3,'seed':1,'scheduler':{'_class_name':'euler'}";
    Manifest plain = completed(request("churn-0", euler));
    Manifest churned =
        completed(request("churn-2", euler + ",'s_churn':1,'s_tmax':'Infinity','s_noise':1.003"));
    assertThat(plain.request())
        .containsAllEntriesOf(
            Map.of("s_churn", 0.0, "s_tmin", 0.0, "s_tmax", "Infinity", "s_noise", 1.0));
    assertThat(churned.request()).containsEntry("s_noise", 1.003);
    assertThat(pixels(churned)).isNotEqualTo(pixels(plain));
  }

  /** As pipe.scheduler.save_config writes it, with -Infinity as text. */
  @Test
  void aStockConfigurationIsAcceptedAndItsEventNamesKeysWithoutEffect() {
    String stock =
        """
        'num_inference_steps':2,'seed':1,'scheduler':{
          '_class_name': 'DPMSolverMultistepScheduler', '_diffusers_version': '0.40.0',
          'algorithm_type': 'dpmsolver++', 'beta_end': 0.012, 'beta_schedule': 'scaled_linear',
          'beta_start': 0.00085, 'clip_sample': false, 'dynamic_thresholding_ratio': 0.995,
          'euler_at_final': false, 'final_sigmas_type': 'zero', 'flow_shift': 1.0,
          'lambda_min_clipped': '-Infinity', 'lower_order_final': true,
          'num_train_timesteps': 1000, 'prediction_type': 'v_prediction',
          'rescale_betas_zero_snr': false, 'sample_max_value': 1.0, 'set_alpha_to_one': false,
          'skip_prk_steps': true, 'solver_order': 2, 'solver_type': 'midpoint',
          'steps_offset': 1, 'thresholding': false, 'time_shift_type': 'exponential',
          'timestep_spacing': 'trailing', 'trained_betas': null, 'use_beta_sigmas': false,
          'use_dynamic_shifting': false, 'use_exponential_sigmas': false,
          'use_flow_sigmas': false, 'use_karras_sigmas': false, 'use_lu_lambdas': false,
          'variance_type': null}""";
    Manifest pasted = completed(request("stock", stock));
    assertThat(pasted.warnings())
        .isEqualTo(
            List.of(
                "/scheduler/clip_sample: is not known to DPMSolverMultistepScheduler, is ignored",
                "/scheduler/set_alpha_to_one: is not known to DPMSolverMultistepScheduler,"
                    + " is ignored",
                "/scheduler/skip_prk_steps: is not known to DPMSolverMultistepScheduler,"
                    + " is ignored"));
    Manifest packaged = completed(request("packaged", "'num_inference_steps':2,'seed':1"));
    assertThat(pixels(pasted)).isEqualTo(pixels(packaged));
  }

  private static String pixels(Manifest manifest) {
    return manifest.outputs().get(0).pixelsSha256();
  }
}
