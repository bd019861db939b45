package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.RatioSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.List;

/**
 * Heun's method on the probability flow (Karras et al. 2022, algorithm 1): an Euler step, then the
 * mean of the slopes at both ends. Two evaluations per step, one in the last; no draws.
 */
@AutoService(SamplerFamily.class)
public final class HeunDiscrete implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.LINEAR,
              BetaSchedule.SCALED_LINEAR,
              BetaSchedule.SQUAREDCOS_CAP_V2,
              BetaSchedule.EXP)
          .range(0.00085, 0.012)
          .notRescalable();

  @Override
  public String className() {
    return "HeunDiscreteScheduler";
  }

  @Override
  public String title(Settings settings) {
    return "Heun";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("heun"));
  }

  @Override
  public List<Option<?>> options() {
    return RatioSteps.options(
        TRAINING, PredictionOptions.EPSILON_SAMPLE_OR_V, ClipOptions.NO_CLIP, ClipOptions.RANGE);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.refuseSigmas(problems);
    RatioSteps steps = RatioSteps.read(settings, TRAINING, problems);
    problems.throwIfAny();
    Clip clip = ClipOptions.range(settings, ClipOptions.NO_CLIP);
    Heun heun = new Heun(steps.sigmas(), steps.first(), clip);
    return new BoundSampler(
        heun.points(steps::point),
        settings.get(PredictionOptions.EPSILON_SAMPLE_OR_V),
        steps.initialScale(),
        heun);
  }
}
