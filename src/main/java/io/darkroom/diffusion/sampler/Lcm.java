package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.Training;
import java.util.ArrayList;
import java.util.List;

/**
 * Multistep consistency sampling of latent consistency models (Luo et al. 2023, algorithm 3): the
 * consistency function's estimate of the clean sample, to which fresh noise of the next level is
 * added.
 *
 * <p>One draw in each step except the last.
 */
@AutoService(SamplerFamily.class)
public final class Lcm implements SamplerFamily {
  private static final double SIGMA_DATA = 0.5;

  @Override
  public String className() {
    return "LCMScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("lcm"));
  }

  @Override
  public List<Option<?>> options() {
    return DistilledSteps.OPTIONS;
  }

  @Override
  public List<String> unread() {
    return DistilledSteps.UNREAD;
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    Training training = DistilledSteps.training(settings, problems);
    int[] timesteps = DistilledSteps.timesteps(settings, training.steps(), problems);
    int first = settings.firstStep(timesteps.length, i -> timesteps[i], problems);
    problems.throwIfAny();
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < timesteps.length; i++) {
      int t = timesteps[i];
      points.add(training.point(t, training.curve().level(t)));
      double scaled = t * settings.get(DistilledSteps.TIMESTEP_SCALING);
      LinearStep consistency = consistency(scaled, 1);
      if (i < timesteps.length - 1) {
        Level next = training.curve().level(timesteps[i + 1]);
        consistency = consistency(scaled, next.alpha()).withNoise(next.sigma());
      }
      steps.add(consistency);
    }
    PredictionType prediction = settings.get(DistilledSteps.PREDICTION);
    Clip clip = ClipOptions.read(settings, ClipOptions.NO_CLIP);
    return new BoundSampler(points, prediction, 1, LinearMultistep.ofDenoised(clip, points, steps));
  }

  /**
   * Returns the scaled skip and output factors of the boundary condition (Song et al. 2023,
   * appendix C).
   */
  private static LinearStep consistency(double time, double scale) {
    double total = time * time + SIGMA_DATA * SIGMA_DATA;
    double skip = SIGMA_DATA * SIGMA_DATA / total;
    double out = time / StrictMath.sqrt(total);
    return LinearStep.of(scale * skip, scale * out);
  }
}
