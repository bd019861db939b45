package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.sampler.DpmSolver.Algorithm;
import io.darkroom.diffusion.schedule.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Multistep DPM-Solver++ (Lu et al. 2022b, algorithm 2) for networks with Karras's preconditioning;
 * the sample is unscaled. One evaluation per step.
 *
 * <p>The SDE variant draws once in each step, including the last; the ODE variant never draws.
 */
@AutoService(SamplerFamily.class)
public final class EdmDpmSolver implements SamplerFamily {
  private static final Option<Algorithm> ALGORITHM =
      Option.choice(
              "algorithm_type",
              Algorithm.DPMSOLVER_PP,
              Algorithm.DPMSOLVER_PP,
              Algorithm.SDE_DPMSOLVER_PP)
          .readingAs("deis", Algorithm.DPMSOLVER_PP);

  @Override
  public String className() {
    return "EDMDPMSolverMultistepScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(
        Alias.of("edm_dpmpp"),
        new Alias("edm_dpmpp_2m", Map.of(DpmSolver.ORDER.key(), 2)),
        new Alias("edm_dpmpp_3m", Map.of(DpmSolver.ORDER.key(), 3)));
  }

  @Override
  public List<Option<?>> options() {
    List<Option<?>> all = new ArrayList<>(EdmSteps.LOG.options());
    all.add(DpmSolver.ORDER);
    all.addAll(List.of(ClipOptions.THRESHOLDING, ClipOptions.RATIO, ClipOptions.MOST));
    all.addAll(
        List.of(
            ALGORITHM, DpmSolver.TYPE, MultistepOrder.LOWER_ORDER_FINAL, DpmSolver.EULER_AT_FINAL));
    return List.copyOf(all);
  }

  @Override
  public List<String> unread() {
    return EdmSteps.UNREAD;
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    Algorithm algorithm = settings.get(ALGORITHM);
    if (algorithm.noisy() && settings.get(DpmSolver.ORDER) == 3) {
      problems.add("/scheduler/solver_order", "must be 1 or 2 with algorithm_type " + algorithm);
    }
    return EdmSteps.LOG.multistep(settings, algorithm, problems);
  }
}
