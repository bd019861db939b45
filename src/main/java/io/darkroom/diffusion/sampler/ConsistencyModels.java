package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.EdmPreconditioning;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Prediction;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaSchedule;
import io.darkroom.diffusion.schedule.SigmaSpacing;
import io.darkroom.diffusion.schedule.SpacingOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Multistep sampling of consistency models (Song et al. 2023, algorithm 1): the consistency
 * function's estimate of the clean sample, to which fresh noise of the next level is added. The
 * timestep input is 250 times the logarithm of sigma. Timesteps of a request are positions in
 * Karras's sigmas of the training, counted from the end of the list.
 *
 * <p>One draw in each step, including the last; no draw if there is only one step.
 */
@AutoService(SamplerFamily.class)
public final class ConsistencyModels implements SamplerFamily {
  private static final Option<Integer> TRAINED = Option.whole("num_train_timesteps", 40, 2, 10_000);
  private static final Option<Double> LEAST = Option.number("sigma_min", 0.002, 1e-6, 1e6);
  private static final Option<Double> MOST = Option.number("sigma_max", 80, 1e-6, 1e6);
  private static final Option<Double> DATA = Option.number("sigma_data", 0.5, 1e-6, 1e6);
  private static final Option<Double> NOISE = Option.number("s_noise", 1, 0, 10);
  private static final Option<Double> RHO = Option.number("rho", 7, 0.1, 100);
  private static final Option<Boolean> CLIP = Option.flag("clip_denoised", true);
  private static final double TIMESTEPS_PER_LOG = 250;

  @Override
  public String className() {
    return "CMStochasticIterativeScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("consistency"));
  }

  @Override
  public List<Option<?>> options() {
    return List.of(TRAINED, LEAST, MOST, DATA, NOISE, RHO, CLIP);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.refuseNoiseSchedule(problems);
    settings.refuseSigmas(problems);
    SigmaSchedule sigmas = sigmas(settings, problems);
    sigmas.check(settings.stepsPointer(), problems);
    int first = settings.firstStep(sigmas.steps(), problems);
    problems.throwIfAny();
    double least = settings.get(LEAST);
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < sigmas.steps(); i++) {
      points.add(new EvaluationPoint(sigmas.timestep(i), new Level(1, sigmas.sigma(i))));
      double next = sigmas.sigma(i + 1);
      double noise = settings.get(NOISE) * StrictMath.sqrt(next * next - least * least);
      LinearStep step = LinearStep.of(0, 1);
      steps.add(sigmas.steps() > 1 ? step.withNoise(noise) : step);
    }
    Clip clip = settings.get(CLIP) ? new Clip.Range(1) : new Clip.None();
    Prediction prediction = new EdmPreconditioning(settings.get(DATA), false, least);
    Solver solver = LinearMultistep.ofDenoised(clip, points, steps);
    return new BoundSampler(points, prediction, settings.get(MOST), solver);
  }

  private static SigmaSchedule sigmas(Settings settings, Problems problems) {
    double least = settings.get(LEAST);
    double most = settings.get(MOST);
    if (!(most > least)) {
      problems.mustBe("/scheduler/sigma_max", "above sigma_min, " + least, most);
    }
    double[] places = places(settings, problems);
    double[] sigmas = new double[places.length];
    double[] timesteps = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      double ramp = places[places.length - 1 - i] / (settings.get(TRAINED) - 1);
      double sigma = SigmaSpacing.karrasAt(ramp, most, least, settings.get(RHO));
      sigmas[i] = Math.max(least, sigma);
      timesteps[i] = TIMESTEPS_PER_LOG * StrictMath.log(sigmas[i]);
    }
    return SigmaSchedule.ending(timesteps, sigmas, least);
  }

  /** Returns positions in the training's sigmas as whole numbers, decreasing. */
  private static double[] places(Settings settings, Problems problems) {
    int trained = settings.get(TRAINED);
    double[] spaced = SpacingOptions.timesteps(settings, SpacingOptions.LEADING, trained, problems);
    for (int i = 0; i < spaced.length; i++) {
      spaced[i] = StrictMath.floor(spaced[i]);
    }
    return spaced;
  }
}
