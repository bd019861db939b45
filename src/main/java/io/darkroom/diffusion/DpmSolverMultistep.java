package io.darkroom.diffusion;

import static io.darkroom.diffusion.PredictionType.EPSILON;
import static io.darkroom.diffusion.PredictionType.FLOW_PREDICTION;
import static io.darkroom.diffusion.PredictionType.SAMPLE;
import static io.darkroom.diffusion.PredictionType.V_PREDICTION;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.DpmSolver.Algorithm;
import io.darkroom.diffusion.DpmSolver.SolverType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * DPM-Solver and DPM-Solver++ with the values of the steps before (Lu et al. 2022b, algorithm 2),
 * orders 1 to 3, as ODE or SDE. One evaluation a step.
 *
 * <p>The SDE variants draw once in each step, the last included; the others never.
 */
@AutoService(SamplerFamily.class)
public final class DpmSolverMultistep implements SamplerFamily {
  private static final Option<Integer> ORDER = Option.whole("solver_order", 2, 1, 3);
  private static final Option<PredictionType> PREDICTION =
      Option.choice("prediction_type", EPSILON, EPSILON, SAMPLE, V_PREDICTION, FLOW_PREDICTION);
  private static final Option<Algorithm> ALGORITHM =
      Option.choice("algorithm_type", Algorithm.DPMSOLVER_PP, Algorithm.values())
          .reading("deis", Algorithm.DPMSOLVER_PP);
  private static final Option<SolverType> TYPE =
      Option.choice("solver_type", SolverType.MIDPOINT, SolverType.values())
          .reading("logrho", SolverType.MIDPOINT)
          .reading("bh1", SolverType.MIDPOINT)
          .reading("bh2", SolverType.MIDPOINT);
  private static final Option<Boolean> LOWER_ORDER_FINAL = Option.flag("lower_order_final", true);
  private static final Option<Boolean> EULER_AT_FINAL = Option.flag("euler_at_final", false);

  private static final LambdaSteps.Rules RULES =
      new LambdaSteps.Rules(FinalSigma.OPTION, false, true);

  @Override
  public String className() {
    return "DPMSolverMultistepScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(
        alias("dpmpp_2m", Algorithm.DPMSOLVER_PP, 2),
        alias("dpmpp_3m", Algorithm.DPMSOLVER_PP, 3),
        alias("dpmpp_2m_sde", Algorithm.SDE_DPMSOLVER_PP, 2),
        alias("dpmpp_3m_sde", Algorithm.SDE_DPMSOLVER_PP, 3));
  }

  private static Alias alias(String name, Algorithm algorithm, int order) {
    return new Alias(name, Map.of(ALGORITHM.key(), algorithm.toString(), ORDER.key(), order));
  }

  @Override
  public List<Option<?>> options() {
    return LambdaSteps.TRAINING.and(
        ORDER,
        PREDICTION,
        ClipOptions.THRESHOLDING,
        ClipOptions.RATIO,
        ClipOptions.MOST,
        ALGORITHM,
        TYPE,
        LOWER_ORDER_FINAL,
        EULER_AT_FINAL,
        SigmaOptions.KARRAS,
        SigmaOptions.EXPONENTIAL,
        SigmaOptions.BETA,
        SigmaOptions.LU,
        LambdaSteps.FLOW,
        LambdaSteps.FLOW_SHIFT,
        FinalSigma.OPTION,
        LambdaSteps.LAMBDA_MIN,
        LambdaSteps.VARIANCE_TYPE,
        SpacingOptions.SPACING,
        SpacingOptions.OFFSET,
        FlowSteps.DYNAMIC,
        LambdaSteps.SHIFT_TYPE);
  }

  @Override
  public List<Option<?>> arguments() {
    return List.of(FlowSteps.MU);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    Algorithm algorithm = settings.get(ALGORITHM);
    DpmSolver.check(algorithm, settings, PREDICTION, problems);
    if (algorithm == Algorithm.SDE_DPMSOLVER && settings.get(ORDER) == 3) {
      problems.add("/scheduler/solver_order", "must be 1 or 2 with algorithm_type sde-dpmsolver");
    }
    LambdaSteps lambdas = LambdaSteps.read(settings, RULES, problems);
    int first = settings.firstStep(lambdas.steps(), problems);
    problems.throwIfAny();
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < lambdas.steps(); i++) {
      int order = order(settings, i, first, lambdas.steps());
      Level[] from = new Level[order];
      for (int j = 0; j < order; j++) {
        from[j] = lambdas.level(i - j);
      }
      steps.add(DpmSolver.step(algorithm, settings.get(TYPE), lambdas.level(i + 1), from));
    }
    List<Visit> visits = lambdas.visits(first);
    LinearMultistep solver =
        new LinearMultistep(
            algorithm.ofNoise() ? LinearMultistep.Values.NOISE : LinearMultistep.Values.DENOISED,
            ClipOptions.thresholding(settings),
            visits,
            steps);
    return new BoundSampler(visits, settings.get(PREDICTION), 1, solver);
  }

  /** The order of step {@code i} of {@code all}. */
  private static int order(Settings settings, int i, int first, int all) {
    boolean falling = MultistepOrder.lowersAtEnd(settings, LOWER_ORDER_FINAL, all);
    boolean toZero = settings.get(FinalSigma.OPTION) == FinalSigma.ZERO;
    if (i == all - 1 && (toZero || settings.get(EULER_AT_FINAL))) {
      return 1;
    }
    return MultistepOrder.at(i, first, all, settings.get(ORDER), falling);
  }
}
