package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SpacingOptions;
import io.darkroom.diffusion.schedule.Training;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.List;

/**
 * The steps of samplers for distilled networks: a few of the steps that the network was distilled
 * on (Luo et al. 2023, section 4.3).
 */
final class DistilledSteps {
  static final Option<PredictionType> PREDICTION = PredictionOptions.EPSILON_SAMPLE_OR_V;
  static final Option<Double> TIMESTEP_SCALING = Option.number("timestep_scaling", 10, 1e-6, 1e6);
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.SCALED_LINEAR, BetaSchedule.LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2)
          .range(0.00085, 0.012);
  private static final Option<Integer> ORIGINAL =
      Option.whole("original_inference_steps", 50, 1, 10_000);
  private static final Option<Boolean> ALPHA_TO_ONE = Option.flag("set_alpha_to_one", true);

  /** The options. Offset, spacing and final alpha are accepted but not used. */
  static final List<Option<?>> OPTIONS =
      TRAINING.and(
          ORIGINAL,
          ClipOptions.NO_CLIP,
          ClipOptions.RANGE,
          ALPHA_TO_ONE,
          SpacingOptions.OFFSET,
          PREDICTION,
          ClipOptions.THRESHOLDING,
          ClipOptions.RATIO,
          ClipOptions.MOST,
          SpacingOptions.LEADING,
          TIMESTEP_SCALING);

  /** Keys that neither these steps nor diffusers use. */
  static final List<String> UNREAD =
      List.of(ALPHA_TO_ONE.key(), SpacingOptions.OFFSET.key(), SpacingOptions.LEADING.key());

  private DistilledSteps() {}

  static Training training(Settings settings, Problems problems) {
    return TRAINING.read(settings, problems);
  }

  /** Returns the timesteps of the evaluations, decreasing. */
  static int[] timesteps(Settings settings, int trained, Problems problems) {
    settings.refuseSigmas(problems);
    if (settings.steps() instanceof Steps.Timesteps) {
      double[] listed =
          SpacingOptions.timesteps(settings, SpacingOptions.LEADING, trained, problems);
      return whole(listed, problems);
    }
    int original = settings.get(ORIGINAL);
    int count = settings.count(problems);
    if (original > trained) {
      problems.mustBe("/scheduler/original_inference_steps", "1 to " + trained, original);
    } else if (count > original) {
      problems.mustBe(
          settings.stepsPointer(), "1 to " + original + ", original_inference_steps", count);
    } else {
      return spaced(trained / original, original, count);
    }
    return new int[] {0};
  }

  private static int[] spaced(int stride, int original, int count) {
    int[] out = new int[count];
    double skipped = (double) original / count;
    for (int i = 0; i < count; i++) {
      out[i] = (original - (int) (i * skipped)) * stride - 1;
    }
    return out;
  }

  private static int[] whole(double[] listed, Problems problems) {
    int[] out = new int[listed.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (int) listed[i];
      if (i > 0 && out[i] == out[i - 1]) {
        problems.mustBe("/timesteps/" + i, "below the one before as a whole number", listed[i]);
      }
    }
    return out;
  }
}
