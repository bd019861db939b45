package io.darkroom.diffusion;

import static io.darkroom.diffusion.PredictionType.EPSILON;
import static io.darkroom.diffusion.PredictionType.SAMPLE;
import static io.darkroom.diffusion.PredictionType.V_PREDICTION;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradient descent on the distance to the data with the last two noise estimates: a step of Euler's
 * in sigma along {@code gamma * epsilon(k) + (1 - gamma) * epsilon(k - 1)} (Permenter and Yuan,
 * ICML 2024, Interpreting and Improving Diffusion Models from an Optimization Perspective,
 * Algorithm 1). With {@code gamma} 1 it is Euler's. diffusers has none. No draws.
 */
@AutoService(SamplerFamily.class)
public final class GradientEstimation implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2)
          .notRescalable();
  private static final Option<PredictionType> PREDICTION =
      Option.choice("prediction_type", EPSILON, EPSILON, SAMPLE, V_PREDICTION);
  private static final Option<Double> GAMMA = Option.number("gamma", 2.0, 1, 5);

  @Override
  public String className() {
    return "GradientEstimationScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("gradient_estimation"));
  }

  @Override
  public List<Option<?>> options() {
    return TRAINING.and(
        GAMMA,
        SigmaOptions.KARRAS,
        SigmaOptions.EXPONENTIAL,
        SigmaOptions.BETA,
        PREDICTION,
        SpacingOptions.SPACING,
        SpacingOptions.OFFSET);
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
      double length = steps.sigma(i + 1) - steps.sigma(i);
      ways.add(i == first ? LinearStep.of(1, length) : step(length, settings.get(GAMMA)));
    }
    double scale = RatioSteps.initialScale(settings, steps);
    Solver solver =
        new LinearMultistep(LinearMultistep.Values.NOISE, new Clip.None(), visits, ways);
    return new BoundSampler(visits, settings.get(PREDICTION), scale, solver);
  }

  private static LinearStep step(double length, double gamma) {
    return LinearStep.of(1, gamma * length, (1 - gamma) * length);
  }
}
