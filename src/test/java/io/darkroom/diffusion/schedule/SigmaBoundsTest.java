package io.darkroom.diffusion.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.TestSamplers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A package's {@code sigma_min} and {@code sigma_max} (of Stable Video Diffusion) with other
 * schedulers than the package's: diffusers keeps both in the configuration, and every formula that
 * spaces sigmas reads them there, except those named here. Values from numpy.
 */
class SigmaBoundsTest {
  private static final double[] KARRAS = {700, 134.85443944800932, 15.58996779997, 0.67814600797};
  private static final double[] EXPONENTIAL = {700, 28.779353183, 1.18321595662, 0.0486459855820};
  private static final double[] BETA = {700, 577.024086304, 350.001, 122.977913696};
  private static final double[] OWN_KARRAS = {
    14.614646911621, 4.79654390005, 1.27410533208, 0.247951705858
  };
  private static final double[] OWN_LU = {
    14.614646934080, 3.08898772323, 0.652896043081, 0.137997713576
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "euler",
        "heun",
        "dpm2",
        "dpm2_a",
        "dpmpp_2m",
        "dpmpp_2m_sde",
        "dpmpp_2s",
        "unipc",
        "deis",
        "sa_solver"
      })
  void everyFormulaStaysBetweenTheBounds(String sampler) {
    expect(sampler, "use_karras_sigmas", KARRAS, 0.002);
    expect(sampler, "use_exponential_sigmas", EXPONENTIAL, 0.002);
    expect(sampler, "use_beta_sigmas", BETA, 0.002);
  }

  /** Their own Karras formula reads the training's sigmas. */
  @ParameterizedTest
  @ValueSource(strings = {"lms", "dpmpp_sde"})
  void someKarrasFormulasUseTheTrainingsBounds(String sampler) {
    expect(sampler, "use_karras_sigmas", OWN_KARRAS, 0.029167532920837);
    expect(sampler, "use_exponential_sigmas", EXPONENTIAL, 0.002);
    expect(sampler, "use_beta_sigmas", BETA, 0.002);
  }

  @Test
  void lambdasOfLuUseTheTrainingsBounds() {
    expect("dpmpp_2m", "use_lu_lambdas", OWN_LU, 0.029167536170668);
  }

  @Test
  void aFlowStaysBetweenTheBounds() {
    List<Level> levels = levels("flow_euler", "use_karras_sigmas");
    for (int i = 0; i < KARRAS.length; i++) {
      assertThat(levels.get(i).sigma()).isCloseTo(KARRAS[i], within(KARRAS[i] * 1e-10));
      assertThat(levels.get(i).alpha()).isCloseTo(1 - KARRAS[i], within(1e-6));
    }
    Sampler sampler = TestSamplers.to(spec("flow_euler", "use_karras_sigmas"));
    assertThat(sampler.timestep(0)).isEqualTo(700_000);
  }

  @Test
  void multistepSolversUseTheNearestTimestepOfTheNetwork() {
    assertThat(timesteps("dpmpp_2m", "use_karras_sigmas")).containsExactly(999, 999, 999, 243, 0);
    assertThat(timesteps("unipc", "use_exponential_sigmas")).containsExactly(999, 999, 404, 1, 0);
    assertThat(timesteps("deis", "use_beta_sigmas")).containsExactly(999, 999, 999, 999, 0);
  }

  @Test
  void aRequestCanSetTheBounds() {
    Map<String, Object> asked =
        Map.of("use_karras_sigmas", true, "sigma_min", 0.1, "sigma_max", 10.0);
    Sampler sampler = TestSamplers.to("heun", asked, 5);
    assertThat(ratio(sampler.level(0))).isEqualTo(10);
    assertThat(ratio(sampler.level(sampler.evaluations() - 1))).isEqualTo(0.1);
  }

  private static void expect(String sampler, String formula, double[] wanted, double last) {
    List<Level> levels = levels(sampler, formula);
    assertThat(levels).as(sampler).hasSize(wanted.length + 1);
    for (int i = 0; i < wanted.length; i++) {
      // Solvers of the training's own ends take them in double, the reference in float.
      assertThat(ratio(levels.get(i)))
          .as("%s, %s, %d", sampler, formula, i)
          .isCloseTo(wanted[i], within(wanted[i] * 1e-6));
    }
    assertThat(ratio(levels.get(wanted.length))).isCloseTo(last, within(last * 1e-6));
  }

  /** Returns the level at the beginning of each step, without evaluations in between. */
  private static List<Level> levels(String name, String formula) {
    Sampler sampler = TestSamplers.to(spec(name, formula));
    boolean twice = sampler.evaluations() > 5;
    boolean heun = name.equals("heun");
    List<Level> levels = new ArrayList<>();
    for (int k = 0; k < sampler.evaluations(); k++) {
      boolean begins = !twice || (heun ? k == 0 || k % 2 == 1 : k % 2 == 0);
      if (begins) {
        levels.add(sampler.level(k));
      }
    }
    return levels;
  }

  private static List<Integer> timesteps(String name, String formula) {
    Sampler sampler = TestSamplers.to(spec(name, formula));
    List<Integer> timesteps = new ArrayList<>();
    for (int k = 0; k < sampler.evaluations(); k++) {
      timesteps.add((int) sampler.timestep(k));
    }
    return timesteps;
  }

  private static SamplingSpec spec(String sampler, String formula) {
    Map<String, Object> packaged = new HashMap<>();
    packaged.put("_class_name", "EulerDiscreteScheduler");
    packaged.put("beta_schedule", "scaled_linear");
    packaged.put("beta_start", 0.00085);
    packaged.put("beta_end", 0.012);
    packaged.put("sigma_min", 0.002);
    packaged.put("sigma_max", 700.0);
    packaged.put("interpolation_type", "linear");
    packaged.put("timestep_type", "continuous");
    packaged.put("prediction_type", "v_prediction");
    packaged.put(formula, true);
    Map<String, Object> requested = Map.of("_class_name", sampler);
    SchedulerConfig config = new SchedulerConfig(packaged, requested);
    return new SamplingSpec(config, new Steps.Count(5), Map.of(), 1);
  }

  private static double ratio(Level level) {
    return level.sigma() / level.alpha();
  }
}
