package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.FlowSteps;
import io.darkroom.diffusion.schedule.Scaling;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaSchedule;
import java.util.Arrays;
import java.util.List;

/**
 * Heun's method on a rectified flow: an Euler step, then the mean of the slopes at both ends. Two
 * evaluations per step, one in the last; no draws.
 */
@AutoService(SamplerFamily.class)
public final class FlowMatchHeun implements SamplerFamily {

  @Override
  public String className() {
    return "FlowMatchHeunDiscreteScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("flow_heun"));
  }

  @Override
  public List<Option<?>> options() {
    return List.of(FlowSteps.TRAINED, FlowSteps.SHIFT);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.refuseNoiseSchedule(problems);
    int trained = settings.get(FlowSteps.TRAINED);
    double[] times = FlowSteps.even(settings, settings.count(problems));
    double[] sigmas = FlowSteps.shifted(settings, FlowSteps.SHIFT, times, problems);
    double[] timesteps = Arrays.stream(sigmas).map(sigma -> sigma * trained).toArray();
    SigmaSchedule steps = SigmaSchedule.ending(timesteps, sigmas, 0);
    steps.check(settings.stepsPointer(), problems);
    int first = settings.firstStep(steps.steps(), steps::timestep, problems);
    problems.throwIfAny();
    Heun heun = new Heun(steps, first, new Clip.None());
    return new BoundSampler(
        heun.points(
            i -> new EvaluationPoint(steps.timestep(i), Scaling.FLOW.level(steps.sigma(i)))),
        PredictionType.FLOW_PREDICTION,
        1,
        heun);
  }
}
