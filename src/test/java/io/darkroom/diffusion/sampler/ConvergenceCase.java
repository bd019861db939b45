package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.NoiseCurve;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A sampler with options, and the order of convergence that it must show on Gaussian data.
 *
 * @param sampler alias or class name
 * @param options keys of its configuration
 * @param arguments arguments of its call
 * @param order expected order of its error
 * @param steps steps of the coarsest of four renders; each of the others has twice as many as the
 *     one before
 */
public record ConvergenceCase(
    String sampler,
    Map<String, Object> options,
    Map<String, Object> arguments,
    int order,
    int steps) {
  private static final int DOUBLINGS = 3;

  /** TCD's curve, whose last step ends at its smallest noise level and is as long as the others. */
  private static final NoiseCurve CURVE =
      NoiseCurve.of(BetaSchedule.SCALED_LINEAR, 0.00085, 0.012, 1000);

  private static final Map<String, Object> NOTHING = Map.of();
  private static final Map<String, Object> KARRAS = Map.of("use_karras_sigmas", true);
  private static final Map<String, Object> EXPONENTIAL = Map.of("use_exponential_sigmas", true);
  private static final Map<String, Object> UNCLIPPED = Map.of("clip_sample", false);
  private static final Map<String, Object> TO_SIGMA_MIN =
      Map.of("use_exponential_sigmas", true, "final_sigmas_type", "sigma_min");

  /**
   * Returns every sampler that converges, with step counts for which its nominal order is
   * measurable: few enough that float32 rounding does not hide it, and enough that the lower order
   * of a multistep method's first steps does not.
   */
  public static List<ConvergenceCase> all() {
    return List.of(
        // Of two stochastic steps only the distribution is compared, so these are weak orders.
        of("ddpm", UNCLIPPED, 1, 60),
        of("euler_a", NOTHING, 1, 60),
        new ConvergenceCase("ddim", UNCLIPPED, Map.of("eta", 1.0), 1, 60),
        of("ddim", UNCLIPPED, 1, 10),
        of("euler", NOTHING, 1, 10),
        of("euler", KARRAS, 1, 10),
        of("edm_euler", NOTHING, 1, 10),
        of("gradient_estimation", EXPONENTIAL, 1, 20),
        of("flow_euler", NOTHING, 1, 10),
        new ConvergenceCase(
            "tcd", Map.of("original_inference_steps", 1000), Map.of("eta", 0), 1, 20),
        of("repaint", UNCLIPPED, 1, 10),
        of("heun", KARRAS, 2, 10),
        of("heun", NOTHING, 2, 10),
        of("flow_heun", NOTHING, 2, 10),
        of("dpm2", KARRAS, 2, 10),
        of("dpm2_a", KARRAS, 2, 10),
        of("pndm", NOTHING, 2, 10),
        of("plms", NOTHING, 2, 10),
        // Weights for uniform steps, used with non-uniform steps.
        of("ipndm", NOTHING, 1, 10),
        new ConvergenceCase("lms", EXPONENTIAL, Map.of("order", 2), 2, 20),
        new ConvergenceCase("lms", EXPONENTIAL, Map.of("order", 3), 3, 30),
        of("lms", EXPONENTIAL, 4, 30),
        of("dpmpp_2m", KARRAS, 2, 20),
        of("dpmpp_2m", with(KARRAS, "solver_type", "heun"), 2, 20),
        of("dpmpp_2m", Map.of("use_lu_lambdas", true), 2, 20),
        of("dpmpp_2m", with(TO_SIGMA_MIN, "algorithm_type", "dpmsolver"), 2, 10),
        of("dpmpp_2m", with(TO_SIGMA_MIN, "algorithm_type", "sde-dpmsolver"), 2, 20),
        of("dpmpp_2m_sde", EXPONENTIAL, 2, 20),
        of("dpmpp_2m_sde", with(EXPONENTIAL, "solver_type", "heun"), 2, 16),
        // The authors' third-order step takes half the second difference, which leaves order 2.
        of("dpmpp_3m", EXPONENTIAL, 2, 20),
        of("dpmpp_3m", with(TO_SIGMA_MIN, "algorithm_type", "dpmsolver"), 2, 10),
        // The reference's third-order SDE step has a sign wrong, which leaves order 1.
        of("dpmpp_3m_sde", EXPONENTIAL, 1, 16),
        // With separate draws for both halves of a step the order would be 1.
        of("dpmpp_sde", KARRAS, 2, 20),
        of("dpmpp_sde", EXPONENTIAL, 2, 20),
        of("dpmpp_2s", EXPONENTIAL, 2, 16),
        of("dpmpp_2s", with(EXPONENTIAL, "solver_type", "heun"), 2, 16),
        of("dpmpp_2s", with(TO_SIGMA_MIN, "algorithm_type", "dpmsolver"), 2, 10),
        of("dpmpp_2s", with(EXPONENTIAL, "algorithm_type", "sde-dpmsolver++"), 1, 40),
        of("dpmpp_3s", EXPONENTIAL, 3, 10),
        of("dpmpp_3s", with(EXPONENTIAL, "solver_type", "heun"), 3, 10),
        of("deis", KARRAS, 2, 10),
        of("deis", with(EXPONENTIAL, "solver_order", 3), 3, 10),
        // The corrector adds one order.
        of("unipc", EXPONENTIAL, 3, 16),
        of("unipc", with(EXPONENTIAL, "solver_type", "bh1"), 3, 16),
        of("unipc", with(TO_SIGMA_MIN, "predict_x0", false), 3, 10),
        of("unipc", with(KARRAS, "solver_order", 3), 4, 16),
        of("sa_solver", EXPONENTIAL, 2, 16),
        of("sa_solver", with(EXPONENTIAL, "algorithm_type", "noise_prediction"), 2, 20),
        of("sa_solver", with(with(KARRAS, "predictor_order", 3), "corrector_order", 3), 3, 10),
        of("edm_dpmpp", NOTHING, 2, 16),
        of("edm_dpmpp", Map.of("algorithm_type", "sde-dpmsolver++"), 2, 20),
        of("cosine_dpmpp_sde", NOTHING, 2, 20),
        of("cosine_dpmpp_sde", Map.of("solver_order", 1), 1, 40),
        of("edm_dpmpp_3m", Map.of("sigma_schedule", "exponential"), 2, 16));
  }

  private static ConvergenceCase of(
      String sampler, Map<String, Object> options, int order, int steps) {
    return new ConvergenceCase(sampler, options, Map.of(), order, steps);
  }

  private static Map<String, Object> with(Map<String, Object> options, String key, Object value) {
    Map<String, Object> all = new HashMap<>(options);
    all.put(key, value);
    return Map.copyOf(all);
  }

  /** Returns the order measured over three doublings of the steps. */
  public double measured() {
    List<Double> errors = new ArrayList<>();
    for (int doubling = 0; doubling <= DOUBLINGS; doubling++) {
      errors.add(error(steps << doubling));
    }
    return StrictMath.log(errors.get(0) / errors.get(DOUBLINGS)) / StrictMath.log(2) / DOUBLINGS;
  }

  /** Returns the spec of a render with this number of steps. */
  SamplingSpec spec(int count) {
    Map<String, Object> requested = new HashMap<>(options);
    requested.put("_class_name", sampler);
    SchedulerConfig config = new SchedulerConfig(Map.of(), requested);
    return new SamplingSpec(config, new Steps.Count(count), arguments, 1);
  }

  private double error(int count) {
    Sampler bound = TestSamplers.to(spec(count));
    return sampler.equals("tcd")
        ? GaussianRun.atEnd(bound, CURVE.level(0)).error()
        : GaussianRun.atLastEvaluation(bound).error();
  }

  @Override
  public String toString() {
    String shown = options.isEmpty() ? sampler : sampler + " " + options;
    return arguments.isEmpty() ? shown : shown + " " + arguments;
  }
}
