package io.darkroom.diffusion.sampler;

import static io.darkroom.diffusion.PredictionType.EPSILON;
import static io.darkroom.diffusion.PredictionType.SAMPLE;
import static io.darkroom.diffusion.PredictionType.V_PREDICTION;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.RatioSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaOptions;
import io.darkroom.diffusion.schedule.SigmaSchedule;
import io.darkroom.diffusion.schedule.SigmaSpacing;
import io.darkroom.diffusion.schedule.SpacingOptions;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * What the samplers share that follow the probability flow in sigma along the noise estimates of
 * their last steps: all but how these are weighed. No noise.
 */
final class SigmaSlopes {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2)
          .notRescalable();
  private static final Option<PredictionType> PREDICTION =
      Option.choice("prediction_type", EPSILON, EPSILON, SAMPLE, V_PREDICTION);

  private SigmaSlopes() {}

  /** How the estimates are weighed in one step. */
  interface Weights {

    /**
     * The step from sigma {@code i} to the next.
     *
     * @param known estimates there are, that of this step included; 1 or more
     */
    LinearStep step(SigmaSchedule steps, int i, int known);
  }

  static List<Option<?>> options() {
    return TRAINING.and(
        SigmaOptions.KARRAS,
        SigmaOptions.EXPONENTIAL,
        SigmaOptions.BETA,
        SigmaOptions.LEAST,
        SigmaOptions.MOST,
        PREDICTION,
        SpacingOptions.SPACING,
        SpacingOptions.OFFSET);
  }

  static Sampler bind(Settings settings, Weights weights) throws InvalidSampling {
    Problems problems = new Problems();
    settings.count(problems);
    RatioSteps steps = RatioSteps.read(settings, TRAINING, problems, SigmaSpacing.KARRAS);
    problems.throwIfAny();
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> ways = new ArrayList<>();
    for (int i = steps.first(); i < steps.end(); i++) {
      points.add(steps.point(i));
      ways.add(weights.step(steps.sigmas(), i, i - steps.first() + 1));
    }
    Solver solver =
        new LinearMultistep(LinearMultistep.Values.NOISE, new Clip.None(), points, ways);
    return new BoundSampler(points, settings.get(PREDICTION), steps.initialScale(), solver);
  }
}
