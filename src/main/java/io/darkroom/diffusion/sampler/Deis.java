package io.darkroom.diffusion.sampler;

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
import java.util.List;

/**
 * Diffusion exponential integrator sampling (Zhang and Chen 2023, eq. 14 and 15): the noise
 * estimates of the last steps are interpolated by a polynomial in the logarithm of the
 * noise-to-signal ratio rho, which is integrated exactly. One evaluation per step, no draws; ends
 * at the training's smallest noise level.
 */
@AutoService(SamplerFamily.class)
public final class Deis implements SamplerFamily {
  private static final Option<Integer> ORDER = Option.whole("solver_order", 2, 1, 3);
  private static final Option<String> ALGORITHM =
      Option.choice("algorithm_type", "deis", "deis")
          .readingAs("dpmsolver", "deis")
          .readingAs("dpmsolver++", "deis");
  private static final Option<String> TYPE =
      Option.choice("solver_type", "logrho", "logrho")
          .readingAs("midpoint", "logrho")
          .readingAs("heun", "logrho")
          .readingAs("bh1", "logrho")
          .readingAs("bh2", "logrho");
  private static final LambdaSteps.Rules RULES =
      new LambdaSteps.Rules(FinalSigma.OPTION.withDefault(FinalSigma.SIGMA_MIN), true, false);

  @Override
  public String className() {
    return "DEISMultistepScheduler";
  }

  @Override
  public String title(Settings settings) {
    return "DEIS";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("deis"));
  }

  @Override
  public List<Option<?>> options() {
    return LambdaSteps.options(
        LambdaSteps.TRAINING.notRescalable(),
        ClipOptions.THRESHOLDING,
        ClipOptions.RATIO,
        ClipOptions.MOST,
        ORDER,
        ALGORITHM,
        TYPE,
        MultistepOrder.LOWER_ORDER_FINAL,
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
    settings.count(problems);
    problems.throwIfAny();
    LambdaSteps lambdas = LambdaSteps.read(settings, RULES, problems);
    int first = lambdas.first(settings, problems);
    problems.throwIfAny();
    boolean falling = MultistepOrder.lowersAtEnd(settings, lambdas.steps());
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < lambdas.steps(); i++) {
      int order = MultistepOrder.at(i, first, lambdas.steps(), settings.get(ORDER), falling);
      steps.add(step(lambdas, i, order));
    }
    List<EvaluationPoint> points = lambdas.points(first);
    Clip clip = ClipOptions.thresholding(settings);
    Solver solver = new LinearMultistep(LinearMultistep.Values.NOISE, clip, points, steps);
    return new BoundSampler(points, settings.get(LambdaSteps.PREDICTION), 1, solver);
  }

  /**
   * Returns {@code x_t = (alpha_t / alpha_s) x_s - sigma_t sum of w_j eps_j} (Zhang and Chen 2023,
   * eq. 14): w_j is the integral over the step of the exponential times basis polynomial j.
   */
  private static LinearStep step(LambdaSteps lambdas, int i, int order) {
    Level from = lambdas.level(i);
    Level to = lambdas.level(i + 1);
    double[] times = lambdas.timesBefore(i + 1, i, order);
    double[] factors = ExponentialWeights.of(-1, -times[0], times);
    for (int j = 0; j < order; j++) {
      factors[j] *= -to.sigma();
    }
    return LinearStep.of(to.alpha() / from.alpha(), factors);
  }
}
