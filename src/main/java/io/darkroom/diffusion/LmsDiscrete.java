package io.darkroom.diffusion;

import static io.darkroom.diffusion.PredictionType.EPSILON;
import static io.darkroom.diffusion.PredictionType.SAMPLE;
import static io.darkroom.diffusion.PredictionType.V_PREDICTION;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;

/**
 * Linear multistep (Adams-Bashforth with uneven steps) on the probability flow in sigma: the slopes
 * of the last steps are interpolated by a polynomial, which is integrated exactly. No noise.
 */
@AutoService(SamplerFamily.class)
public final class LmsDiscrete implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2)
          .notRescalable();
  private static final Option<PredictionType> PREDICTION =
      Option.choice("prediction_type", EPSILON, EPSILON, SAMPLE, V_PREDICTION);
  private static final Option<Integer> ORDER = Option.whole("order", 4, 1, 4);

  @Override
  public String className() {
    return "LMSDiscreteScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("lms"));
  }

  @Override
  public List<Option<?>> options() {
    return TRAINING.and(
        SigmaOptions.KARRAS,
        SigmaOptions.EXPONENTIAL,
        SigmaOptions.BETA,
        PREDICTION,
        SpacingOptions.SPACING,
        SpacingOptions.OFFSET);
  }

  @Override
  public List<Option<?>> arguments() {
    return List.of(ORDER);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.count(problems);
    Training training = TRAINING.read(settings, problems);
    problems.throwIfAny();
    SigmaSchedule steps = RatioSteps.read(settings, training, problems);
    int first = settings.firstStep(steps.steps(), problems);
    problems.throwIfAny();
    List<Visit> visits = new ArrayList<>();
    List<LinearStep> ways = new ArrayList<>();
    for (int i = first; i < steps.steps(); i++) {
      visits.add(training.visit(steps.timestep(i), new Level(1, steps.sigma(i))));
      ways.add(step(steps, i, Math.min(i - first + 1, settings.get(ORDER))));
    }
    double scale = RatioSteps.initialScale(settings, steps);
    Solver solver =
        new LinearMultistep(LinearMultistep.Values.NOISE, new Clip.None(), visits, ways);
    return new BoundSampler(visits, settings.get(PREDICTION), scale, solver);
  }

  private static LinearStep step(SigmaSchedule steps, int i, int order) {
    double[] nodes = new double[order];
    for (int j = 0; j < order; j++) {
      nodes[j] = steps.sigma(i - j);
    }
    double[] factors = new double[order];
    for (int j = 0; j < order; j++) {
      factors[j] = Lagrange.integral(nodes, j, steps.sigma(i), steps.sigma(i + 1));
    }
    return LinearStep.of(1, factors);
  }
}
