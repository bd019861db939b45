package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.Steps;
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

/**
 * Denoising diffusion implicit models (Song et al. 2021, eq. 12): the estimate of the clean sample,
 * to which the predicted noise is added at the next level. {@code eta} replaces a part of it by
 * fresh noise (eq. 16).
 *
 * <p>A step of a list of timesteps ends at the next entry, and the last one at the clean sample, as
 * in denoising-diffusion-pytorch. A step of a step count ends {@code num_train_timesteps / steps}
 * lower.
 *
 * <p>One draw in each step, including the last, if eta is above 0.
 */
@AutoService(SamplerFamily.class)
public final class Ddim implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
          BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2);
  private static final Option<Boolean> ALPHA_TO_ONE = Option.flag("set_alpha_to_one", true);
  private static final Option<Double> ETA = Option.number("eta", 0, 0, 1);
  private static final Option<Boolean> CLIPPED_OUTPUT =
      Option.flag("use_clipped_model_output", false);

  @Override
  public String className() {
    return "DDIMScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("ddim"), Alias.of("DDIMParallelScheduler"));
  }

  @Override
  public List<Option<?>> options() {
    return TRAINING.and(
        ClipOptions.CLIP,
        ALPHA_TO_ONE,
        SpacingOptions.OFFSET,
        PredictionOptions.EPSILON_SAMPLE_OR_V,
        ClipOptions.THRESHOLDING,
        ClipOptions.RATIO,
        ClipOptions.RANGE,
        ClipOptions.MOST,
        SpacingOptions.LEADING);
  }

  @Override
  public List<Option<?>> arguments() {
    return List.of(ETA, CLIPPED_OUTPUT);
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
    Level last = settings.get(ALPHA_TO_ONE) ? new Level(1, 0) : curve.level(0);
    boolean listed = settings.steps() instanceof Steps.Timesteps;
    int stride = training.steps() / timesteps.length;
    List<EvaluationPoint> points = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (int i = first; i < timesteps.length; i++) {
      int t = (int) timesteps[i];
      int end = listed ? entry(timesteps, i + 1) : t - stride;
      Level next = end >= 0 ? curve.level(end) : last;
      points.add(training.point(t, curve.level(t)));
      steps.add(Step.between(curve.level(t), next, settings.get(ETA)));
    }
    Clip clip = ClipOptions.read(settings, ClipOptions.CLIP);
    Solver solver = new Implicit(steps, clip, settings.get(CLIPPED_OUTPUT), settings.get(ETA) > 0);
    return new BoundSampler(points, settings.get(PredictionOptions.EPSILON_SAMPLE_OR_V), 1, solver);
  }

  /** Returns an entry of a list; -1 after its last one. */
  private static int entry(double[] timesteps, int index) {
    return index < timesteps.length ? (int) timesteps[index] : -1;
  }

  /**
   * One step.
   *
   * @param from level at which the step begins
   * @param signal the factor of the clean sample at its end
   * @param kept the factor of the predicted noise
   * @param fresh the factor of new noise
   */
  private record Step(Level from, double signal, double kept, double fresh) {

    static Step between(Level from, Level to, double eta) {
      double fresh = eta * Posterior.deviation(from, to);
      double kept = StrictMath.sqrt(Math.max(0, to.sigma() * to.sigma() - fresh * fresh));
      return new Step(from, to.alpha(), kept, fresh);
    }
  }

  private record Implicit(List<Step> steps, Clip clip, boolean fromClipped, boolean noisy)
      implements Solver {

    @Override
    public int draws(int k) {
      return noisy ? 1 : 0;
    }

    @Override
    public void accept(Trajectory trajectory, int k, float[] denoised) {
      Step step = steps.get(k);
      float[] x = trajectory.sample();
      double ofSample = step.kept / step.from.sigma();
      double ofDenoised = -ofSample * step.from.alpha();
      if (fromClipped || !clip.active()) {
        clip.apply(denoised, trajectory.spare());
        Elements.combine(x, ofSample, ofDenoised + step.signal, denoised);
      } else {
        Elements.combine(x, ofSample, ofDenoised, denoised);
        clip.apply(denoised, trajectory.spare());
        Elements.add(x, step.signal, denoised);
      }
      if (noisy) {
        Elements.add(x, step.fresh, trajectory.draw());
      }
    }
  }
}
