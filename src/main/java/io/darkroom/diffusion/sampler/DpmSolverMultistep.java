package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.sampler.DpmSolver.Algorithm;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.FinalSigma;
import io.darkroom.diffusion.schedule.FlowSteps;
import io.darkroom.diffusion.schedule.LambdaSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaOptions;
import io.darkroom.diffusion.schedule.SpacingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Multistep DPM-Solver and DPM-Solver++ (Lu et al. 2022b, algorithm 2), orders 1 to 3, as ODE or
 * SDE. One evaluation per step.
 *
 * <p>The SDE variants draw once in each step, including the last; the ODE variants never draw.
 */
@AutoService(SamplerFamily.class)
public final class DpmSolverMultistep implements SamplerFamily {
  private static final Option<Algorithm> ALGORITHM =
      Option.choice("algorithm_type", Algorithm.DPMSOLVER_PP, Algorithm.values())
          .readingAs("deis", Algorithm.DPMSOLVER_PP);

  private static final LambdaSteps.Rules RULES =
      new LambdaSteps.Rules(FinalSigma.OPTION, false, true);

  @Override
  public String className() {
    return "DPMSolverMultistepScheduler";
  }

  @Override
  public String title(Settings settings) {
    return DpmSolver.title(settings, settings.get(ALGORITHM), "M");
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
    return new Alias(
        name, Map.of(ALGORITHM.key(), algorithm.toString(), DpmSolver.ORDER.key(), order));
  }

  @Override
  public List<Option<?>> options() {
    return LambdaSteps.options(
        LambdaSteps.TRAINING,
        ClipOptions.THRESHOLDING,
        ClipOptions.RATIO,
        ClipOptions.MOST,
        DpmSolver.ORDER,
        ALGORITHM,
        DpmSolver.TYPE,
        MultistepOrder.LOWER_ORDER_FINAL,
        DpmSolver.EULER_AT_FINAL,
        SigmaOptions.LU,
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
    DpmSolver.check(algorithm, settings, problems);
    if (algorithm == Algorithm.SDE_DPMSOLVER && settings.get(DpmSolver.ORDER) == 3) {
      problems.add("/scheduler/solver_order", "must be 1 or 2 with algorithm_type sde-dpmsolver");
    }
    LambdaSteps lambdas = LambdaSteps.read(settings, RULES, problems);
    int first = lambdas.first(settings, problems);
    problems.throwIfAny();
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < lambdas.steps(); i++) {
      int order = DpmSolver.order(settings, i, first, lambdas.steps());
      Level[] from = lambdas.levelsBefore(i, order);
      steps.add(
          DpmSolver.step(algorithm, settings.get(DpmSolver.TYPE), lambdas.level(i + 1), from));
    }
    List<EvaluationPoint> points = lambdas.points(first);
    LinearMultistep solver =
        new LinearMultistep(
            algorithm.linearIn(), ClipOptions.thresholding(settings), points, steps);
    return new BoundSampler(points, settings.get(LambdaSteps.PREDICTION), 1, solver);
  }
}
