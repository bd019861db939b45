package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.NoiseCurve;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Strategic stochastic sampling of trajectory consistency distillation (Zheng et al. 2024,
 * algorithm 4): a deterministic step to a level below the next, then fresh noise up to it. {@code
 * eta} is the paper's gamma; with 0 the step goes directly to the next level.
 *
 * <p>One draw in each step except the last, if eta is above 0.
 */
@AutoService(SamplerFamily.class)
public final class Tcd implements SamplerFamily {
  private static final Option<Double> ETA = Option.number("eta", 0.3, 0, 1);

  /** Neither diffusers nor this sampler clips the estimate or scales its timestep. */
  private static final List<String> UNREAD =
      Stream.concat(
              DistilledSteps.UNREAD.stream(),
              Stream.of(
                      ClipOptions.CLIP,
                      ClipOptions.RANGE,
                      ClipOptions.THRESHOLDING,
                      ClipOptions.RATIO,
                      ClipOptions.MOST,
                      DistilledSteps.TIMESTEP_SCALING)
                  .map(Option::key))
          .toList();

  @Override
  public String className() {
    return "TCDScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("tcd"));
  }

  @Override
  public List<Option<?>> options() {
    return DistilledSteps.OPTIONS;
  }

  @Override
  public List<String> unread() {
    return UNREAD;
  }

  @Override
  public List<Option<?>> arguments() {
    return List.of(ETA);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    Training training = DistilledSteps.training(settings, problems);
    int[] timesteps = DistilledSteps.timesteps(settings, training.steps(), problems);
    int first = settings.firstStep(timesteps.length, i -> timesteps[i], problems);
    problems.throwIfAny();
    NoiseCurve curve = training.curve();
    double eta = settings.get(ETA);
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < timesteps.length; i++) {
      int t = timesteps[i];
      boolean last = i == timesteps.length - 1;
      int next = last ? 0 : timesteps[i + 1];
      int below = (int) StrictMath.floor((float) (1 - eta) * (float) next);
      points.add(training.point(t, curve.level(t)));
      steps.add(step(curve, t, below, next, eta > 0 && !last));
    }
    PredictionType prediction = settings.get(DistilledSteps.PREDICTION);
    Solver solver = LinearMultistep.ofDenoised(new Clip.None(), points, steps);
    return new BoundSampler(points, prediction, 1, solver);
  }

  private static LinearStep step(NoiseCurve curve, int t, int below, int next, boolean noisy) {
    Level from = curve.level(t);
    Level to = curve.level(below);
    double kept = noisy ? (double) curve.alphaCumprod(next) / curve.alphaCumprod(below) : 1;
    double scale = StrictMath.sqrt(kept);
    double ofSample = to.sigma() / from.sigma();
    double ofDenoised = to.alpha() - ofSample * from.alpha();
    LinearStep step = LinearStep.of(scale * ofSample, scale * ofDenoised);
    return noisy ? step.withNoise(StrictMath.sqrt(1 - kept)) : step;
  }
}
