package io.darkroom.diffusion;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.DpmSolver.Algorithm;
import io.darkroom.diffusion.DpmSolver.SolverType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * DPM-Solver++ with the values of the steps before (Lu et al. 2022b, algorithm 2) for networks
 * inside Karras's preconditioning, the sample unscaled. One evaluation a step.
 *
 * <p>The SDE variant draws once in each step, the last included; the other never.
 */
@AutoService(SamplerFamily.class)
public final class EdmDpmSolver implements SamplerFamily {
  private static final Option<Integer> ORDER = Option.whole("solver_order", 2, 1, 3);
  private static final Option<Algorithm> ALGORITHM =
      Option.choice(
              "algorithm_type",
              Algorithm.DPMSOLVER_PP,
              Algorithm.DPMSOLVER_PP,
              Algorithm.SDE_DPMSOLVER_PP)
          .reading("deis", Algorithm.DPMSOLVER_PP);
  private static final Option<SolverType> TYPE =
      Option.choice("solver_type", SolverType.MIDPOINT, SolverType.values())
          .reading("logrho", SolverType.MIDPOINT)
          .reading("bh1", SolverType.MIDPOINT)
          .reading("bh2", SolverType.MIDPOINT);
  private static final Option<Boolean> LOWER_ORDER_FINAL = Option.flag("lower_order_final", true);
  private static final Option<Boolean> EULER_AT_FINAL = Option.flag("euler_at_final", false);

  @Override
  public String className() {
    return "EDMDPMSolverMultistepScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(
        Alias.of("edm_dpmpp"),
        new Alias("edm_dpmpp_2m", Map.of(ORDER.key(), 2)),
        new Alias("edm_dpmpp_3m", Map.of(ORDER.key(), 3)));
  }

  @Override
  public List<Option<?>> options() {
    List<Option<?>> all = new ArrayList<>(EdmSteps.OPTIONS);
    all.add(ORDER);
    all.addAll(List.of(ClipOptions.THRESHOLDING, ClipOptions.RATIO, ClipOptions.MOST));
    all.addAll(List.of(ALGORITHM, TYPE, LOWER_ORDER_FINAL, EULER_AT_FINAL));
    return List.copyOf(all);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    Algorithm algorithm = settings.get(ALGORITHM);
    if (algorithm.noisy() && settings.get(ORDER) == 3) {
      problems.add("/scheduler/solver_order", "must be 1 or 2 with algorithm_type " + algorithm);
    }
    SigmaSchedule sigmas = EdmSteps.read(settings, problems);
    int first = settings.firstStep(sigmas.steps(), problems);
    problems.throwIfAny();
    List<Visit> visits = new ArrayList<>();
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < sigmas.steps(); i++) {
      visits.add(new Visit(sigmas.timestep(i), new Level(1, sigmas.sigma(i))));
      Level[] from = new Level[order(settings, i, first, sigmas.steps())];
      for (int j = 0; j < from.length; j++) {
        from[j] = new Level(1, sigmas.sigma(i - j));
      }
      Level to = new Level(1, sigmas.sigma(i + 1));
      steps.add(DpmSolver.step(algorithm, settings.get(TYPE), to, from));
    }
    Solver solver = LinearMultistep.ofDenoised(ClipOptions.thresholding(settings), visits, steps);
    double scale = EdmSteps.initialScale(settings);
    return new BoundSampler(visits, EdmSteps.prediction(settings), scale, solver);
  }

  private static int order(Settings settings, int i, int first, int all) {
    boolean falling = MultistepOrder.lowersAtEnd(settings, LOWER_ORDER_FINAL, all);
    boolean toZero = settings.get(FinalSigma.OPTION) == FinalSigma.ZERO;
    if (i == all - 1 && (toZero || settings.get(EULER_AT_FINAL))) {
      return 1;
    }
    return MultistepOrder.at(i, first, all, settings.get(ORDER), falling);
  }
}
