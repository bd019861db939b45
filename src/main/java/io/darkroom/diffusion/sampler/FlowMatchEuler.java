package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Prediction;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.FlowSteps;
import io.darkroom.diffusion.schedule.Scaling;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaOptions;
import io.darkroom.diffusion.schedule.SigmaSchedule;
import io.darkroom.diffusion.schedule.SigmaSpacing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Euler's method on a rectified flow (Liu et al. 2023, algorithm 1; Esser et al. 2024), or, with
 * {@code stochastic_sampling}, the estimate of the clean sample with fresh noise of the next level.
 *
 * <p>One draw in each step, including the last, if sampling is stochastic; else none.
 */
@AutoService(SamplerFamily.class)
public final class FlowMatchEuler implements SamplerFamily {
  private static final Option<Boolean> INVERTED = Option.flag("invert_sigmas", false);
  private static final Option<Boolean> STOCHASTIC = Option.flag("stochastic_sampling", false);

  @Override
  public String className() {
    return "FlowMatchEulerDiscreteScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("flow_euler"));
  }

  @Override
  public List<Option<?>> options() {
    return List.of(
        FlowSteps.TRAINED,
        FlowSteps.SHIFT,
        FlowSteps.DYNAMIC,
        DynamicShift.BASE,
        DynamicShift.MOST,
        DynamicShift.BASE_PATCHES,
        DynamicShift.MOST_PATCHES,
        INVERTED,
        FlowSteps.TERMINAL,
        SigmaOptions.KARRAS,
        SigmaOptions.EXPONENTIAL,
        SigmaOptions.BETA,
        SigmaOptions.LEAST,
        SigmaOptions.MOST,
        FlowSteps.SHIFT_TYPE,
        STOCHASTIC);
  }

  @Override
  public List<Option<?>> arguments() {
    return List.of(FlowSteps.MU);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.refuseNoiseSchedule(problems);
    boolean inverted = settings.get(INVERTED);
    boolean stochastic = settings.get(STOCHASTIC);
    if (inverted && stochastic) {
      problems.add("/scheduler/stochastic_sampling", "cannot be on with invert_sigmas");
    }
    SigmaSchedule steps = steps(settings, problems);
    steps.check(settings.stepsPointer(), problems);
    int first = settings.firstStep(steps.steps(), steps::timestep, problems);
    problems.throwIfAny();
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> ways = new ArrayList<>();
    for (int i = first; i < steps.steps(); i++) {
      double from = steps.sigma(i);
      double to = steps.sigma(i + 1);
      double timestep = inverted ? (1 - from) * settings.get(FlowSteps.TRAINED) : steps.timestep(i);
      points.add(new EvaluationPoint(timestep, Scaling.FLOW.level(from)));
      ways.add(
          stochastic
              ? LinearStep.of(0, 1 - to).withNoise(to)
              : LinearStep.of(to / from, 1 - to / from));
    }
    Prediction prediction =
        inverted ? PredictionType.REVERSED_FLOW : PredictionType.FLOW_PREDICTION;
    Solver solver = LinearMultistep.ofDenoised(new Clip.None(), points, ways);
    return new BoundSampler(points, prediction, 1, solver);
  }

  private static SigmaSchedule steps(Settings settings, Problems problems) {
    int trained = settings.get(FlowSteps.TRAINED);
    double[] times;
    if (settings.steps() instanceof Steps.Sigmas listed) {
      times = FlowSteps.listed(listed, problems);
    } else if (settings.steps() instanceof Steps.Timesteps listed) {
      times = listed.timesteps().stream().mapToDouble(t -> t / trained).toArray();
      if (times[0] > 1) {
        problems.mustBe("/timesteps/0", "at most " + trained, listed.timesteps().get(0));
      }
    } else {
      times = FlowSteps.even(settings, settings.count(problems));
    }
    double[] sigmas = FlowSteps.shifted(settings, FlowSteps.SHIFT, times, problems);
    Optional<SigmaSpacing> formula = SigmaOptions.read(settings, problems);
    if (formula.isPresent()) {
      double least = sigmas[sigmas.length - 1];
      sigmas = SigmaOptions.between(settings, formula.get(), sigmas[0], least, sigmas.length);
    }
    double[] timesteps =
        settings.steps() instanceof Steps.Timesteps listed
            ? listed.timesteps().stream().mapToDouble(t -> t).toArray()
            : Arrays.stream(sigmas).map(sigma -> sigma * trained).toArray();
    return SigmaSchedule.ending(timesteps, sigmas, 0);
  }
}
