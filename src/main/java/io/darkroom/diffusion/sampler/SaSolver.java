package io.darkroom.diffusion.sampler;

import static io.darkroom.diffusion.PredictionType.FLOW_PREDICTION;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.FinalSigma;
import io.darkroom.diffusion.schedule.LambdaSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SpacingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Stochastic Adams solver (Xue et al. 2023, algorithm 1): an Adams-Bashforth predictor and an
 * Adams-Moulton corrector for the SDE whose noise is scaled by tau, which is 1 between timesteps
 * 200 and 800 and 0 elsewhere. One evaluation per step; ends at the training's smallest noise
 * level.
 *
 * <p>One draw in each step, used by both predictor and corrector, even if tau is 0.
 */
@AutoService(SamplerFamily.class)
public final class SaSolver implements SamplerFamily {
  private static final Option<Integer> PREDICTOR = Option.whole("predictor_order", 2, 1, 4);
  private static final Option<Integer> CORRECTOR = Option.whole("corrector_order", 2, 1, 4);
  private static final Option<Algorithm> ALGORITHM =
      Option.choice("algorithm_type", Algorithm.DATA_PREDICTION, Algorithm.values());
  private static final LambdaSteps.Rules RULES =
      new LambdaSteps.Rules(FinalSigma.OPTION.withDefault(FinalSigma.SIGMA_MIN), true, false);
  private static final double FIRST_NOISY = 200;
  private static final double LAST_NOISY = 800;

  private enum Algorithm {
    DATA_PREDICTION,
    NOISE_PREDICTION;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String className() {
    return "SASolverScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("sa_solver"));
  }

  @Override
  public List<Option<?>> options() {
    return LambdaSteps.options(
        LambdaSteps.TRAINING.notRescalable(),
        ClipOptions.THRESHOLDING,
        ClipOptions.RATIO,
        ClipOptions.MOST,
        PREDICTOR,
        CORRECTOR,
        ALGORITHM,
        MultistepOrder.LOWER_ORDER_FINAL,
        LambdaSteps.LAMBDA_MIN,
        LambdaSteps.VARIANCE_TYPE,
        SpacingOptions.SPACING,
        SpacingOptions.OFFSET);
  }

  @Override
  public List<String> unread() {
    return List.of("tau_func");
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.count(problems);
    problems.throwIfAny();
    boolean ofDenoised = settings.get(ALGORITHM) == Algorithm.DATA_PREDICTION;
    if (!ofDenoised && settings.get(LambdaSteps.PREDICTION) == FLOW_PREDICTION) {
      problems.add("/scheduler/prediction_type", "cannot be flow_prediction with noise_prediction");
    }
    LambdaSteps lambdas = LambdaSteps.read(settings, RULES, problems);
    int first = lambdas.first(settings, problems);
    problems.throwIfAny();
    List<EvaluationPoint> points = lambdas.points(first);
    LinearMultistep.Values values =
        ofDenoised ? LinearMultistep.Values.DENOISED : LinearMultistep.Values.NOISE;
    Clip clip = ClipOptions.thresholding(settings);
    List<PredictorCorrector.Step> steps = steps(settings, lambdas, first, points);
    Solver solver = new PredictorCorrector(values, clip, points, steps);
    return new BoundSampler(points, settings.get(LambdaSteps.PREDICTION), 1, solver);
  }

  private static List<PredictorCorrector.Step> steps(
      Settings settings, LambdaSteps lambdas, int first, List<EvaluationPoint> points) {
    boolean falling = settings.get(MultistepOrder.LOWER_ORDER_FINAL);
    int all = lambdas.steps();
    List<PredictorCorrector.Step> steps = new ArrayList<>();
    Optional<Rule> before = Optional.empty();
    for (int i = first; i < all; i++) {
      int last = i;
      // The corrector also has the value at the end of its step: one more than the predictor.
      int corrector = Math.min(settings.get(CORRECTOR), i - first + 1);
      int most = falling ? Math.min(corrector, all - i + 2) : corrector;
      Optional<LinearStep> corrected = before.map(rule -> rule.corrector(last, most));
      double timestep = points.get(i - first).timestep();
      double tau = timestep >= FIRST_NOISY && timestep <= LAST_NOISY ? 1 : 0;
      Rule rule = new Rule(lambdas, tau, settings.get(ALGORITHM));
      int predictor = MultistepOrder.at(i, first, all, settings.get(PREDICTOR), falling);
      steps.add(new PredictorCorrector.Step(corrected, rule.predictor(i, predictor)));
      before = Optional.of(rule);
    }
    return steps;
  }

  /** The factors of a step and of its correction. */
  private record Rule(LambdaSteps lambdas, double tau, Algorithm algorithm) {

    /** Returns the step from level {@code i}, with the values at it and the levels before. */
    LinearStep predictor(int i, int order) {
      double[] times = lambdas.timesBefore(i + 1, i, order);
      double h = -times[0];
      double[] weights = weights(h, times);
      if (ofDenoised() && order == 2) {
        double more = remainder(h) / (times[0] - times[1]);
        weights[0] += more;
        weights[1] -= more;
      }
      return step(i, h, weights);
    }

    /**
     * Returns the repeated step to level {@code i}, with the values at it and the levels before.
     */
    LinearStep corrector(int i, int order) {
      double[] times = lambdas.timesBefore(i, i, order);
      double h = lambdas.level(i).lambda() - lambdas.level(i - 1).lambda();
      double[] weights = weights(h, times);
      if (ofDenoised() && order == 2) {
        double rate = rate();
        double more = h / 2 - (h * rate - 1 + StrictMath.exp(-rate * h)) / (rate * rate * h);
        weights[0] += more;
        weights[1] -= more;
      }
      return step(i - 1, h, weights);
    }

    private boolean ofDenoised() {
      return algorithm == Algorithm.DATA_PREDICTION;
    }

    private double rate() {
      return 1 + tau * tau;
    }

    private double[] weights(double h, double[] times) {
      return ExponentialWeights.of(ofDenoised() ? rate() : -1, h, times);
    }

    /**
     * Returns the part of the third-order term that order 2 omits (Xue et al. 2023, appendix E.3).
     */
    private double remainder(double h) {
      double rate = rate();
      return h * h / 2 - (h * rate - 1 + StrictMath.exp(-rate * h)) / (rate * rate);
    }

    /** Returns the step of Xue et al. 2023, eq. 14 and 17 (data), 51 and 52 (noise). */
    private LinearStep step(int i, double h, double[] weights) {
      Level from = lambdas.level(i);
      Level to = lambdas.level(i + 1);
      double scale = ofDenoised() ? to.alpha() : -to.sigma();
      for (int j = 0; j < weights.length; j++) {
        weights[j] *= rate() * scale;
      }
      if (ofDenoised()) {
        double kept = StrictMath.exp(-tau * tau * h) * to.sigma() / from.sigma();
        double fresh = StrictMath.sqrt(-StrictMath.expm1(-2 * tau * tau * h));
        return LinearStep.of(kept, weights).withNoise(to.sigma() * fresh);
      }
      double fresh = tau * StrictMath.sqrt(StrictMath.expm1(2 * h));
      return LinearStep.of(to.alpha() / from.alpha(), weights).withNoise(to.sigma() * fresh);
    }
  }
}
