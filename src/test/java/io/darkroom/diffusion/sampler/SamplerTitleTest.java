package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.SchedulerConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the names of samplers in Automatic1111's web UI. */
class SamplerTitleTest {

  @ParameterizedTest
  @CsvSource({
    "dpmpp_2m, DPM++ 2M",
    "dpmpp_3m_sde, DPM++ 3M SDE",
    "dpmpp_2s, DPM++ 2S",
    "dpmpp_sde, DPM++ SDE",
    "euler, Euler",
    "euler_a, Euler a",
    "heun, Heun",
    "lms, LMS",
    "dpm2, DPM2",
    "dpm2_a, DPM2 a",
    "unipc, UniPC",
    "plms, PLMS",
    "ddim, DDIM",
    "ddpm, DDPM",
    "lcm, LCM",
    "deis, DEIS",
    "sa_solver, SASolver"
  })
  void aShortNameHasTheWebUisName(String alias, String title) {
    assertThat(title(Map.of(), Map.of("_class_name", alias)).sampler()).isEqualTo(title);
  }

  @Test
  void optionsOfThePackageAndTheRequestAreInTheName() {
    Map<String, Object> stock =
        Map.of("_class_name", "DPMSolverMultistepScheduler", "use_karras_sigmas", true);
    assertThat(title(stock, Map.of()))
        .hasToString("SamplerTitle[sampler=DPM++ 2M, " + "scheduleType=Optional[Karras]]");
    SamplerTitle sde =
        title(
            stock,
            Map.of(
                "algorithm_type",
                "sde-dpmsolver++",
                "solver_type",
                "heun",
                "use_karras_sigmas",
                false,
                "use_exponential_sigmas",
                true));
    assertThat(sde.sampler()).isEqualTo("DPM++ 2M SDE Heun");
    assertThat(sde.scheduleType()).contains("Exponential");
    assertThat(title(stock, Map.of("algorithm_type", "dpmsolver")).sampler())
        .isEqualTo("DPM-Solver 2M");
  }

  @Test
  void anOptionThatTheSamplerDoesNotReadIsNotInTheName() {
    Map<String, Object> karras = Map.of("_class_name", "euler", "use_karras_sigmas", true);
    assertThat(title(karras, Map.of()).scheduleType()).contains("Karras");
    assertThat(title(karras, Map.of("_class_name", "ddim")).scheduleType()).isEmpty();
    assertThat(title(Map.of("_class_name", "pndm"), Map.of()).sampler()).isEqualTo("PNDM");
  }

  private static SamplerTitle title(Map<String, Object> packaged, Map<String, Object> requested) {
    return Samplers.title(new SchedulerConfig(packaged, requested));
  }
}
