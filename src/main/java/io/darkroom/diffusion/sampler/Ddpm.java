package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.NoiseCurve;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SpacingOptions;
import io.darkroom.diffusion.schedule.Training;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ancestral sampling of denoising diffusion models (Ho et al. 2020, algorithm 2): the mean of the
 * posterior given the estimate of the clean sample (eq. 7), and noise of a fixed or learned
 * variance (Nichol and Dhariwal 2021, eq. 15).
 *
 * <p>One draw in each step whose timestep is above 0.
 */
@AutoService(SamplerFamily.class)
public final class Ddpm implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
          BetaSchedule.LINEAR,
          BetaSchedule.SCALED_LINEAR,
          BetaSchedule.SQUAREDCOS_CAP_V2,
          BetaSchedule.LAPLACE,
          BetaSchedule.SIGMOID);
  private static final Option<Variance> VARIANCE =
      Option.choice("variance_type", Variance.FIXED_SMALL, Variance.values());

  private enum Variance {
    /** The variance of the posterior. */
    FIXED_SMALL,
    /** The variance of the posterior, computed from its logarithm. */
    FIXED_SMALL_LOG,
    /** The beta of the step. */
    FIXED_LARGE,
    /** The network's second output. */
    LEARNED,
    /** Interpolated between the two fixed variances by the network's second output. */
    LEARNED_RANGE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String className() {
    return "DDPMScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("ddpm"), Alias.of("DDPMParallelScheduler"));
  }

  @Override
  public List<Option<?>> options() {
    return TRAINING.and(
        VARIANCE,
        ClipOptions.CLIP,
        PredictionOptions.EPSILON_SAMPLE_OR_V,
        ClipOptions.THRESHOLDING,
        ClipOptions.RATIO,
        ClipOptions.RANGE,
        ClipOptions.MOST,
        SpacingOptions.LEADING,
        SpacingOptions.OFFSET);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.refuseSigmas(problems);
    Training training = TRAINING.read(settings, problems);
    problems.throwIfAny();
    double[] timesteps =
        SpacingOptions.rounded(
            SpacingOptions.timesteps(settings, SpacingOptions.LEADING, training.steps(), problems));
    int first = settings.firstStep(timesteps.length, i -> timesteps[i], problems);
    problems.throwIfAny();
    NoiseCurve curve = training.curve();
    List<EvaluationPoint> points = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (int i = first; i < timesteps.length; i++) {
      int t = (int) timesteps[i];
      boolean last = i == timesteps.length - 1;
      double next = last ? 1 : curve.alphaCumprod((int) timesteps[i + 1]);
      points.add(training.point(t, curve.level(t)));
      steps.add(Step.between(curve.alphaCumprod(t), next, t > 0));
    }
    Clip clip = ClipOptions.read(settings, ClipOptions.CLIP);
    Solver solver = new Ancestry(steps, clip, settings.get(VARIANCE));
    return new BoundSampler(points, settings.get(PredictionOptions.EPSILON_SAMPLE_OR_V), 1, solver);
  }

  /**
   * One step.
   *
   * @param ofDenoised factor of the clean sample in the posterior's mean
   * @param ofSample factor of the sample in the posterior's mean
   * @param posterior variance of the posterior
   * @param beta variance that the step removes
   * @param noisy whether noise is added
   */
  private record Step(
      double ofDenoised, double ofSample, double posterior, double beta, boolean noisy) {
    private static final double LEAST_VARIANCE = 1e-20;

    static Step between(double from, double to, boolean noisy) {
      double alpha = from / to;
      double ofDenoised = StrictMath.sqrt(to) * (1 - alpha) / (1 - from);
      double ofSample = StrictMath.sqrt(alpha) * (1 - to) / (1 - from);
      double posterior = (1 - to) / (1 - from) * (1 - alpha);
      return new Step(ofDenoised, ofSample, Math.max(posterior, LEAST_VARIANCE), 1 - alpha, noisy);
    }
  }

  private record Ancestry(List<Step> steps, Clip clip, Variance variance) implements Solver {

    @Override
    public int draws(int k) {
      return steps.get(k).noisy ? 1 : 0;
    }

    @Override
    public boolean readsVariance() {
      return variance == Variance.LEARNED || variance == Variance.LEARNED_RANGE;
    }

    @Override
    public void accept(Trajectory trajectory, int k, float[] denoised) {
      Step step = steps.get(k);
      float[] x = trajectory.sample();
      clip.apply(denoised, trajectory.spare());
      Elements.combine(x, step.ofSample, step.ofDenoised, denoised);
      if (!step.noisy) {
        return;
      }
      float[] noise = trajectory.draw();
      switch (variance) {
        case FIXED_SMALL, FIXED_SMALL_LOG ->
            Elements.add(x, StrictMath.sqrt(step.posterior), noise);
        case FIXED_LARGE -> Elements.add(x, StrictMath.sqrt(step.beta), noise);
        case LEARNED -> addLearned(x, denoised, noise);
        case LEARNED_RANGE -> addLearnedRange(x, denoised, noise, step);
      }
    }

    private static void addLearned(float[] x, float[] output, float[] noise) {
      for (int i = 0; i < x.length; i++) {
        x[i] += (float) StrictMath.sqrt(output[x.length + i]) * noise[i];
      }
    }

    /** Adds noise with a variance per element; the only loop with a transcendental function. */
    private static void addLearnedRange(float[] x, float[] output, float[] noise, Step step) {
      double least = StrictMath.log(step.posterior);
      double range = StrictMath.log(step.beta) - least;
      for (int i = 0; i < x.length; i++) {
        double share = (output[x.length + i] + 1.0) / 2;
        x[i] += (float) StrictMath.exp((least + share * range) / 2) * noise[i];
      }
    }
  }
}
