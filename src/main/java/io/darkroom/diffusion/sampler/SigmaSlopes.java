package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.RatioSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaSchedule;
import io.darkroom.diffusion.schedule.SigmaSpacing;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * A solver that follows the probability flow in sigma along the noise estimates of its last steps.
 * Samplers that use it differ only in the weights. No draws.
 */
final class SigmaSlopes {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2)
          .notRescalable();

  private SigmaSlopes() {}

  /** Weights of the estimates in one step. */
  interface Weights {

    /**
     * Returns the step from sigma {@code i} to the next.
     *
     * @param known number of estimates, including that of this step; 1 or more
     */
    LinearStep step(SigmaSchedule steps, int i, int known);
  }

  static List<Option<?>> options() {
    return RatioSteps.options(TRAINING, PredictionOptions.EPSILON_SAMPLE_OR_V);
  }

  static Sampler bind(Settings settings, Weights weights) throws InvalidSampling {
    RatioSteps steps = RatioSteps.counted(settings, TRAINING, SigmaSpacing.KARRAS);
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> ways = new ArrayList<>();
    for (int i = steps.first(); i < steps.end(); i++) {
      points.add(steps.point(i));
      ways.add(weights.step(steps.sigmas(), i, i - steps.first() + 1));
    }
    Solver solver =
        new LinearMultistep(LinearMultistep.Values.NOISE, new Clip.None(), points, ways);
    return new BoundSampler(
        points, settings.get(PredictionOptions.EPSILON_SAMPLE_OR_V), steps.initialScale(), solver);
  }
}
