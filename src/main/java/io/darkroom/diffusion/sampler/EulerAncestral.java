package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.RatioSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SpacingOptions;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Euler's method to a level below the next one, followed by fresh noise up to it, so that each step
 * has the variance of ancestral sampling (Song et al. 2021, appendix F; k-diffusion's
 * euler_ancestral).
 *
 * <p>One draw in each step, including the last.
 */
@AutoService(SamplerFamily.class)
public final class EulerAncestral implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
          BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2);

  @Override
  public String className() {
    return "EulerAncestralDiscreteScheduler";
  }

  @Override
  public String title(Settings settings) {
    return "Euler a";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("euler_a"));
  }

  @Override
  public List<Option<?>> options() {
    return TRAINING.and(
        PredictionOptions.EPSILON_OR_V, SpacingOptions.SPACING, SpacingOptions.OFFSET);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    RatioSteps steps = RatioSteps.counted(settings, TRAINING);
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> ways = new ArrayList<>();
    for (int i = steps.first(); i < steps.end(); i++) {
      points.add(steps.point(i));
      ways.add(step(steps.sigma(i), steps.sigma(i + 1)));
    }
    Solver solver = LinearMultistep.ofDenoised(new Clip.None(), points, ways);
    return new BoundSampler(
        points, settings.get(PredictionOptions.EPSILON_OR_V), steps.initialScale(), solver);
  }

  /** Returns {@code x = x0 + (down / from) (x - x0) + up z}. */
  private static LinearStep step(double from, double to) {
    double down = Ancestral.down(from, to);
    return LinearStep.of(down / from, 1 - down / from).withNoise(Ancestral.up(from, to));
  }
}
