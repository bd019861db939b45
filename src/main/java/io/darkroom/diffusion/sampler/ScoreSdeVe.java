package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.Linspace;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaSpacing;
import java.util.ArrayList;
import java.util.List;

/**
 * Predictor and corrector for the variance-exploding SDE (Song et al. 2021, algorithm 2): at each
 * level some steps of annealed Langevin dynamics (algorithm 4), whose size is computed from the
 * norms of score and noise, then a step of reverse diffusion. The network predicts the score and
 * receives sigma.
 *
 * <p>One draw in each evaluation. The result is the mean of the last predictor step, without its
 * noise.
 */
@AutoService(SamplerFamily.class)
public final class ScoreSdeVe implements SamplerFamily {
  private static final Option<Integer> TRAINED =
      Option.whole("num_train_timesteps", 2000, 1, 10_000);
  private static final Option<Double> SNR = Option.number("snr", 0.15, 1e-6, 10);
  private static final Option<Double> LEAST = Option.number("sigma_min", 0.01, 1e-6, 1e6);
  private static final Option<Double> MOST = Option.number("sigma_max", 1348, 1e-6, 1e6);
  private static final Option<Double> END = Option.number("sampling_eps", 1e-5, 1e-9, 0.5);
  private static final Option<Integer> CORRECTIONS = Option.whole("correct_steps", 1, 0, 10);

  @Override
  public String className() {
    return "ScoreSdeVeScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("sde_ve"));
  }

  @Override
  public List<Option<?>> options() {
    return List.of(TRAINED, SNR, LEAST, MOST, END, CORRECTIONS);
  }

  @Override
  public List<String> unread() {
    return List.of(TRAINED.key());
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.refuseNoiseSchedule(problems);
    settings.refuseStrength(problems);
    int count = settings.count(problems);
    double least = settings.get(LEAST);
    double most = settings.get(MOST);
    if (!(most > least)) {
      problems.mustBe("/scheduler/sigma_max", "above sigma_min, " + least, most);
    }
    if (count < 2) {
      problems.mustBe("/num_inference_steps", "2 or more", count);
    }
    problems.throwIfAny();
    double[] sigmas = SigmaSpacing.EXPONENTIAL.between(most, least, count);
    float[] times = Linspace.floats(1, settings.get(END), count);
    List<EvaluationPoint> points = new ArrayList<>();
    List<Double> diffusions = new ArrayList<>();
    for (float time : times) {
      Level level = new Level(1, least * StrictMath.pow(most / least, time));
      for (int j = 0; j <= settings.get(CORRECTIONS); j++) {
        points.add(new EvaluationPoint(level.sigma(), level));
      }
      // In float32, as the reference computes the index of the level.
      int place = count - 1 - (int) (time * (count - 1));
      double next = place == count - 1 ? 0 : sigmas[place + 1];
      diffusions.add(StrictMath.sqrt(sigmas[place] * sigmas[place] - next * next));
    }
    Solver solver = new Langevin(points, diffusions, settings.get(CORRECTIONS), settings.get(SNR));
    return new BoundSampler(points, PredictionType.SCORE, most, solver);
  }

  /**
   * Memory 0: the mean of the last predictor step.
   *
   * @param diffusions standard deviation of each predictor step's noise
   */
  private record Langevin(
      List<EvaluationPoint> points, List<Double> diffusions, int corrections, double snr)
      implements Solver {

    private Langevin {
      points = List.copyOf(points);
      diffusions = List.copyOf(diffusions);
    }

    @Override
    public int memory() {
      return 1;
    }

    @Override
    public int draws(int k) {
      return 1;
    }

    @Override
    public float[] result(Trajectory trajectory) {
      return trajectory.memory(0);
    }

    @Override
    public void accept(Trajectory trajectory, int k, float[] denoised) {
      float[] x = trajectory.sample();
      toScore(denoised, x, points.get(k).level().sigma());
      float[] noise = trajectory.draw();
      if (k % (corrections + 1) < corrections) {
        double slope = norm(denoised, x.length);
        double ratio = slope > 0 ? snr * norm(noise, x.length) / slope : 0;
        double size = 2 * ratio * ratio;
        Elements.add(x, size, denoised);
        Elements.add(x, StrictMath.sqrt(2 * size), noise);
      } else {
        double diffusion = diffusions.get(k / (corrections + 1));
        Elements.add(x, diffusion * diffusion, denoised);
        Elements.copy(trajectory.memory(0), x);
        Elements.add(x, diffusion, noise);
      }
    }

    private static void toScore(float[] denoised, float[] x, double sigma) {
      float factor = (float) (1 / (sigma * sigma));
      for (int i = 0; i < x.length; i++) {
        denoised[i] = factor * (denoised[i] - x[i]);
      }
    }

    private static double norm(float[] values, int size) {
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum += (double) values[i] * values[i];
      }
      return StrictMath.sqrt(sum);
    }
  }
}
