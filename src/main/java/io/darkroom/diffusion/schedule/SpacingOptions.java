package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.Steps;

/** The options that place steps on the training's timesteps, and the resulting timesteps. */
public final class SpacingOptions {
  public static final Option<Spacing> SPACING =
      Option.choice("timestep_spacing", Spacing.LINSPACE, Spacing.values());
  public static final Option<Spacing> LEADING = SPACING.withDefault(Spacing.LEADING);
  public static final Option<Integer> OFFSET = Option.whole("steps_offset", 0, 0, 1000);

  private SpacingOptions() {}

  /** Returns the timesteps of a step count or of a list, decreasing, not rounded. */
  public static double[] timesteps(
      Settings settings, Option<Spacing> spacing, int trained, Problems problems) {
    if (settings.steps() instanceof Steps.Timesteps listed) {
      double[] out = listed.timesteps().stream().mapToDouble(d -> d).toArray();
      checkLast(out, trained, "/timesteps/0", problems);
      return out;
    }
    return spaced(settings, spacing, trained, settings.count(problems), problems);
  }

  /** Returns the timesteps of {@code count} steps, decreasing, not rounded. */
  public static double[] spaced(
      Settings settings, Option<Spacing> spacing, int trained, int count, Problems problems) {
    if (count > trained) {
      problems.mustBe(settings.stepsPointer(), "1 to " + trained + ", the training's", count);
      return new double[] {0};
    }
    double[] out = settings.get(spacing).timesteps(trained, count, settings.get(OFFSET));
    checkLast(out, trained, "/scheduler/" + OFFSET.key(), problems);
    return out;
  }

  /** Rounds half to even. */
  public static double[] rounded(double[] timesteps) {
    double[] out = new double[timesteps.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = StrictMath.rint(timesteps[i]);
    }
    return out;
  }

  private static void checkLast(
      double[] timesteps, int trained, String pointer, Problems problems) {
    if (timesteps[0] > trained - 1) {
      problems.mustBe(pointer, "such that no timestep is past " + (trained - 1), timesteps[0]);
      timesteps[0] = trained - 1;
    }
  }
}
