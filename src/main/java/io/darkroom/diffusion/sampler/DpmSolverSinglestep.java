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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * DPM-Solver and DPM-Solver++ in blocks of one to three steps (Lu et al. 2022a, algorithms 4 and 5;
 * 2022b, algorithm 1): each step of a block starts from the beginning of the block and uses one
 * more value. One evaluation per step.
 *
 * <p>The SDE variant draws once in each step, including the last; the ODE variants never draw.
 */
@AutoService(SamplerFamily.class)
public final class DpmSolverSinglestep implements SamplerFamily {
  private static final Option<Algorithm> ALGORITHM =
      Option.choice(
              "algorithm_type",
              Algorithm.DPMSOLVER_PP,
              Algorithm.DPMSOLVER,
              Algorithm.DPMSOLVER_PP,
              Algorithm.SDE_DPMSOLVER_PP)
          .readingAs("deis", Algorithm.DPMSOLVER_PP);
  private static final Option<Boolean> LOWER_ORDER_FINAL =
      MultistepOrder.LOWER_ORDER_FINAL.withDefault(false);
  private static final LambdaSteps.Rules RULES =
      new LambdaSteps.Rules(FinalSigma.OPTION, false, false);

  @Override
  public String className() {
    return "DPMSolverSinglestepScheduler";
  }

  @Override
  public String title(Settings settings) {
    return DpmSolver.title(settings, settings.get(ALGORITHM), "S");
  }

  @Override
  public List<Alias> aliases() {
    Map<String, Object> plus = Map.of(ALGORITHM.key(), Algorithm.DPMSOLVER_PP.toString());
    return List.of(new Alias("dpmpp_2s", with(plus, 2)), new Alias("dpmpp_3s", with(plus, 3)));
  }

  private static Map<String, Object> with(Map<String, Object> presets, int order) {
    Map<String, Object> all = new java.util.HashMap<>(presets);
    all.put(DpmSolver.ORDER.key(), order);
    return all;
  }

  @Override
  public List<Option<?>> options() {
    return LambdaSteps.options(
        LambdaSteps.TRAINING.notRescalable(),
        ClipOptions.THRESHOLDING,
        ClipOptions.RATIO,
        ClipOptions.MOST,
        DpmSolver.ORDER,
        ALGORITHM,
        DpmSolver.TYPE,
        LOWER_ORDER_FINAL,
        FinalSigma.OPTION,
        LambdaSteps.LAMBDA_MIN,
        LambdaSteps.VARIANCE_TYPE,
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
    LambdaSteps lambdas = LambdaSteps.read(settings, RULES, problems);
    int first = lambdas.first(settings, problems);
    problems.throwIfAny();
    List<Integer> orders = orders(settings, lambdas.steps());
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < lambdas.steps(); i++) {
      // A render that begins within a block has no earlier values.
      int order = Math.min(orders.get(i), i - first + 1);
      Level[] from = lambdas.levelsBefore(i, order);
      Level to = lambdas.level(i + 1);
      steps.add(DpmSolver.singleStep(algorithm, settings.get(DpmSolver.TYPE), to, from));
    }
    List<EvaluationPoint> points = lambdas.points(first);
    LinearMultistep.Values values = algorithm.linearIn();
    Solver solver = new Blocks(values, ClipOptions.thresholding(settings), points, steps);
    return new BoundSampler(points, settings.get(LambdaSteps.PREDICTION), 1, solver);
  }

  /** Returns the order of each step; a block begins at each step of order 1. */
  private static List<Integer> orders(Settings settings, int count) {
    int order = settings.get(DpmSolver.ORDER);
    boolean toZero = settings.get(FinalSigma.OPTION) == FinalSigma.ZERO;
    boolean lower = settings.get(LOWER_ORDER_FINAL) || toZero || count % order != 0;
    List<Integer> orders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      orders.add(i % order + 1);
    }
    if (lower && order > 1 && count % order == 0) {
      // The last block ends one step early, so that the last step is of the first order.
      orders.set(count - 1, 1);
    }
    if (toZero) {
      orders.set(count - 1, 1);
    }
    return orders;
  }

  /**
   * Memory 0: the sample at the beginning of the block; the others: the last values, cyclically.
   */
  private record Blocks(
      LinearMultistep.Values values,
      Clip clip,
      List<EvaluationPoint> points,
      List<LinearStep> steps)
      implements Solver {
    private static final int DEPTH = 3;

    private Blocks {
      points = List.copyOf(points);
      steps = List.copyOf(steps);
    }

    @Override
    public int memory() {
      return 1 + DEPTH;
    }

    @Override
    public int draws(int k) {
      return steps.get(k).noisy() ? 1 : 0;
    }

    @Override
    public void accept(Trajectory trajectory, int k, float[] denoised) {
      LinearStep step = steps.get(k);
      float[] x = trajectory.sample();
      float[] begin = trajectory.memory(0);
      clip.apply(denoised, trajectory.spare());
      values.from(denoised, x, points.get(k).level());
      if (step.depth() == 1) {
        Elements.copy(begin, x);
      }
      Elements.copy(trajectory.memory(1 + k % DEPTH), denoised);
      Elements.combine(x, step.ofSample(), begin, step.ofValue(0), denoised);
      for (int j = 1; j < step.depth(); j++) {
        Elements.add(x, step.ofValue(j), trajectory.memory(1 + (k - j) % DEPTH));
      }
      if (step.noisy()) {
        Elements.add(x, step.ofNoise(), trajectory.draw());
      }
    }
  }
}
