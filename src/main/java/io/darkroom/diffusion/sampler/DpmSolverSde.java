package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.RatioSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaSpacing;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * DPM-Solver++ for the SDE with a midpoint (k-diffusion's dpmpp_sde with eta 1): ancestral steps
 * that use the estimate of the clean sample at the midpoint in log sigma, which is reached by an
 * ancestral step. Two evaluations per step; one in the last step, which goes directly to zero
 * noise.
 *
 * <p>The noise of a step consists of increments of one Brownian motion in sigma, as in the
 * reference: the increment of the whole step contains the increment of its first part. Each
 * evaluation except the last draws the increment since the previous one. The reference uses a
 * Brownian tree with its own seed (torchsde), so renders agree with it in distribution but not in
 * pixels.
 */
@AutoService(SamplerFamily.class)
public final class DpmSolverSde implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2)
          .range(0.00085, 0.012)
          .notRescalable();

  @Override
  public String className() {
    return "DPMSolverSDEScheduler";
  }

  @Override
  public String title(Settings settings) {
    return "DPM++ SDE";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("dpmpp_sde"));
  }

  @Override
  public List<Option<?>> options() {
    return RatioSteps.options(TRAINING, PredictionOptions.EPSILON_OR_V);
  }

  @Override
  public List<String> unread() {
    return List.of("noise_sampler_seed");
  }

  @Override
  public List<Option<?>> arguments() {
    return List.of(Churn.NOISE);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    RatioSteps ratios = RatioSteps.counted(settings, TRAINING, SigmaSpacing.KARRAS);
    List<EvaluationPoint> points = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (int i = ratios.first(); i < ratios.end(); i++) {
      Step step = new Step(ratios.sigma(i), ratios.sigma(i + 1));
      steps.add(step);
      points.add(ratios.point(i));
      if (step.to > 0) {
        points.add(ratios.visitBetween(step.middle()));
      }
    }
    Solver solver = new Midpoint(steps, settings.get(Churn.NOISE));
    return new BoundSampler(
        points, settings.get(PredictionOptions.EPSILON_OR_V), ratios.initialScale(), solver);
  }

  /** One step, from one sigma to another. */
  private record Step(double from, double to) {

    double middle() {
      return StrictMath.sqrt(from * to);
    }

    /** Returns the weight of the first part's noise in the unit noise of the whole step. */
    double ofFirstNoise() {
      return StrictMath.sqrt((from - middle()) / (from - to));
    }

    double ofSecondNoise() {
      return StrictMath.sqrt((middle() - to) / (from - to));
    }
  }

  /**
   * Both evaluations of a step move the sample at its beginning: {@code x = x0 + (down / from)
   * (x_begin - x0) + up z}, the first evaluation to the middle, the second to the end. Memory 0:
   * the sample at the beginning of the step; 1: the noise of its first part.
   */
  private record Midpoint(List<Step> steps, double scale) implements Solver {

    private Midpoint {
      steps = List.copyOf(steps);
    }

    @Override
    public int memory() {
      return 2;
    }

    @Override
    public int draws(int k) {
      return steps.get(k / 2).to > 0 ? 1 : 0;
    }

    @Override
    public void accept(Trajectory trajectory, int k, float[] denoised) {
      Step step = steps.get(k / 2);
      float[] begin = trajectory.memory(0);
      float[] noise = trajectory.memory(1);
      if (step.to == 0) {
        Elements.copy(trajectory.sample(), denoised);
      } else if (k % 2 == 0) {
        Elements.copy(begin, trajectory.sample());
        Elements.copy(noise, trajectory.draw());
        move(trajectory, step.from, step.middle(), denoised);
      } else {
        Elements.combine(noise, step.ofFirstNoise(), step.ofSecondNoise(), trajectory.draw());
        move(trajectory, step.from, step.to, denoised);
      }
    }

    /**
     * Moves the sample by an ancestral step from the beginning of the step, with the stored noise.
     */
    private void move(Trajectory trajectory, double from, double to, float[] denoised) {
      double kept = Ancestral.down(from, to) / from;
      float[] x = trajectory.sample();
      Elements.combine(x, kept, trajectory.memory(0), 1 - kept, denoised);
      Elements.add(x, scale * Ancestral.up(from, to), trajectory.memory(1));
    }
  }
}
