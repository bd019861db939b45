package io.darkroom.diffusion.sampler;

import static io.darkroom.diffusion.PredictionType.FLOW_PREDICTION;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.FinalSigma;
import io.darkroom.diffusion.schedule.FlowSteps;
import io.darkroom.diffusion.schedule.LambdaSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SpacingOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Unified predictor and corrector (Zhao et al. 2023, algorithms 5 to 8): exponential integration in
 * half-log-SNR with weights that match the Taylor expansion to the order. One evaluation per step,
 * no draws.
 */
@AutoService(SamplerFamily.class)
public final class UniPc implements SamplerFamily {
  private static final Option<Integer> ORDER = Option.whole("solver_order", 2, 1, 4);
  private static final Option<Boolean> PREDICT_X0 = Option.flag("predict_x0", true);
  private static final Option<Type> TYPE =
      Option.choice("solver_type", Type.BH2, Type.values())
          .readingAs("midpoint", Type.BH2)
          .readingAs("heun", Type.BH2)
          .readingAs("logrho", Type.BH2);
  private static final Option<List<Integer>> NOT_CORRECTED =
      Option.wholes("disable_corrector", Settings.MOST_STEPS, 0, Settings.MOST_STEPS);
  private static final LambdaSteps.Rules RULES =
      new LambdaSteps.Rules(FinalSigma.OPTION, true, false);

  /** The function B(h) that scales the differences. */
  private enum Type {
    /** {@code h}. */
    BH1,
    /** {@code e^h - 1}. */
    BH2;

    double of(double h) {
      return this == BH1 ? h : StrictMath.expm1(h);
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String className() {
    return "UniPCMultistepScheduler";
  }

  @Override
  public String title(Settings settings) {
    return "UniPC";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("unipc"));
  }

  @Override
  public List<Option<?>> options() {
    return LambdaSteps.options(
        LambdaSteps.TRAINING,
        ClipOptions.THRESHOLDING,
        ClipOptions.RATIO,
        ClipOptions.MOST,
        ORDER,
        PREDICT_X0,
        TYPE,
        MultistepOrder.LOWER_ORDER_FINAL,
        NOT_CORRECTED,
        SpacingOptions.SPACING,
        SpacingOptions.OFFSET,
        FinalSigma.OPTION,
        FlowSteps.DYNAMIC,
        FlowSteps.SHIFT_TYPE,
        FlowSteps.TERMINAL);
  }

  @Override
  public List<String> unread() {
    return List.of("solver_p");
  }

  @Override
  public List<Option<?>> arguments() {
    return List.of(FlowSteps.MU);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    boolean ofDenoised = settings.get(PREDICT_X0);
    boolean toZero = settings.get(FinalSigma.OPTION) == FinalSigma.ZERO;
    if (toZero && !settings.get(MultistepOrder.LOWER_ORDER_FINAL) && settings.get(ORDER) > 1) {
      problems.add("/scheduler/lower_order_final", "must be true with final_sigmas_type zero");
    }
    if (toZero && !ofDenoised) {
      problems.add("/scheduler/final_sigmas_type", "must be sigma_min with predict_x0 false");
    }
    if (!ofDenoised && settings.get(LambdaSteps.PREDICTION) == FLOW_PREDICTION) {
      problems.add("/scheduler/prediction_type", "cannot be flow_prediction with predict_x0 false");
    }
    LambdaSteps lambdas = lambdas(settings, problems);
    int first = lambdas.first(settings, problems);
    problems.throwIfAny();
    List<EvaluationPoint> points = lambdas.points(first);
    LinearMultistep.Values values =
        ofDenoised ? LinearMultistep.Values.DENOISED : LinearMultistep.Values.NOISE;
    Clip clip = ofDenoised ? ClipOptions.thresholding(settings) : new Clip.None();
    Solver solver =
        new PredictorCorrector(values, clip, points, steps(settings, lambdas, first, ofDenoised));
    return new BoundSampler(points, settings.get(LambdaSteps.PREDICTION), 1, solver);
  }

  private static LambdaSteps lambdas(Settings settings, Problems problems) {
    if (!settings.get(LambdaSteps.FLOW)) {
      settings.count(problems);
      return LambdaSteps.read(settings, RULES, problems);
    }
    return FlowSteps.forLambdas(settings, problems);
  }

  private static List<PredictorCorrector.Step> steps(
      Settings settings, LambdaSteps lambdas, int first, boolean ofDenoised) {
    List<PredictorCorrector.Step> steps = new ArrayList<>();
    Rule rule = new Rule(lambdas, settings.get(TYPE), ofDenoised);
    int orderBefore = 0;
    for (int i = first; i < lambdas.steps(); i++) {
      boolean corrected = i > first && !settings.get(NOT_CORRECTED).contains(i - 1);
      Optional<LinearStep> corrector =
          corrected ? Optional.of(rule.corrector(i, orderBefore)) : Optional.empty();
      int order =
          MultistepOrder.at(
              i,
              first,
              lambdas.steps(),
              settings.get(ORDER),
              settings.get(MultistepOrder.LOWER_ORDER_FINAL));
      steps.add(new PredictorCorrector.Step(corrector, rule.predictor(i, order)));
      orderBefore = order;
    }
    return steps;
  }

  /** The factors of the steps. */
  private record Rule(LambdaSteps lambdas, Type type, boolean ofDenoised) {

    /**
     * Returns the step from level {@code i} to the next, with the values at it and the levels
     * before.
     */
    LinearStep predictor(int i, int order) {
      double h = lambdas.level(i + 1).lambda() - lambdas.level(i).lambda();
      if (h == 0) {
        return LinearStep.of(1, 0);
      }
      double[] points = points(i, order, h);
      // For order 2, the only weight is 1/2, its limit for small steps.
      double[] weights =
          order == 2
              ? new double[] {1. / 2}
              : LinearSystem.vandermonde(points, sums(signed(h), order - 1));
      return step(i, h, points, weights, new double[order]);
    }

    /**
     * Returns the repeated step from level {@code i - 1} to {@code i}, with the value at {@code i}
     * first.
     */
    LinearStep corrector(int i, int order) {
      double h = lambdas.level(i).lambda() - lambdas.level(i - 1).lambda();
      double[] points = Arrays.copyOf(points(i - 1, order, h), order);
      points[order - 1] = 1;
      double[] weights =
          order == 1
              ? new double[] {1. / 2}
              : LinearSystem.vandermonde(points, sums(signed(h), order));
      double newest = weights[order - 1];
      LinearStep others =
          step(
              i - 1,
              h,
              Arrays.copyOf(points, order - 1),
              Arrays.copyOf(weights, order - 1),
              new double[order]);
      double scale = scale(i) * type.of(signed(h));
      double[] values = new double[order + 1];
      values[0] = -scale * newest;
      for (int j = 0; j < order; j++) {
        values[j + 1] = others.ofValue(j);
      }
      values[1] += scale * newest;
      return LinearStep.of(others.ofSample(), values);
    }

    /**
     * Returns the step of Zhao et al. 2023, eq. 3 and 9, with the differences resolved into the
     * values.
     */
    private LinearStep step(int i, double h, double[] points, double[] weights, double[] values) {
      Level from = lambdas.level(i);
      Level to = lambdas.level(i + 1);
      double scale = scale(i + 1);
      values[0] = -scale * StrictMath.expm1(signed(h));
      for (int j = 0; j < weights.length; j++) {
        double each = -scale * type.of(signed(h)) * weights[j] / points[j];
        values[j + 1] += each;
        values[0] -= each;
      }
      double kept = ofDenoised ? to.sigma() / from.sigma() : to.alpha() / from.alpha();
      return LinearStep.of(kept, values);
    }

    private double scale(int end) {
      return ofDenoised ? lambdas.level(end).alpha() : lambdas.level(end).sigma();
    }

    private double signed(double h) {
      return ofDenoised ? -h : h;
    }

    /** Returns the positions of the older values, in steps from level {@code i}. */
    private double[] points(int i, int order, double h) {
      double[] points = new double[order - 1];
      for (int j = 1; j < order; j++) {
        points[j - 1] = (lambdas.level(i - j).lambda() - lambdas.level(i).lambda()) / h;
      }
      return points;
    }

    /**
     * Returns the required sums of weights times powers of the points: {@code n! phi_n(h) / B(h)}.
     */
    private double[] sums(double h, int count) {
      double[] sums = new double[count];
      double phi = StrictMath.expm1(h) / h - 1;
      double factorial = 1;
      for (int n = 0; n < count; n++) {
        sums[n] = phi * factorial / type.of(h);
        factorial *= n + 2;
        phi = phi / h - 1 / factorial;
      }
      return sums;
    }
  }
}
