package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.RatioSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaOptions;
import io.darkroom.diffusion.schedule.Training;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * The midpoint rule in log sigma (DPM-Solver-2; Karras et al. 2022, algorithm 2 with the midpoint
 * of k-diffusion's dpm_2): the slope at the midpoint is used for the whole step. Two evaluations
 * per step, one in the last. The ancestral variant steps to a level below the next one and adds
 * fresh noise up to it.
 */
final class Kdpm2 {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2)
          .range(0.00085, 0.012)
          .notRescalable();

  private Kdpm2() {}

  static List<Option<?>> options() {
    return RatioSteps.options(TRAINING, PredictionOptions.EPSILON_OR_V);
  }

  static Sampler bind(Settings settings, boolean ancestral) throws InvalidSampling {
    RatioSteps ratios = RatioSteps.counted(settings, TRAINING);
    List<EvaluationPoint> points = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    Training training = ratios.training();
    for (int i = ratios.first(); i < ratios.end(); i++) {
      Step step = Step.between(ratios.sigma(i), ratios.sigma(i + 1), ancestral);
      steps.add(step);
      double t = ratios.sigmas().timestep(i);
      double timestep = settings.get(SigmaOptions.KARRAS) ? StrictMath.rint(t) : t;
      points.add(training.point(timestep, new Level(1, step.from)));
      if (step.middle > 0) {
        points.add(ratios.visitBetween(step.middle));
      }
    }
    return new BoundSampler(
        points,
        settings.get(PredictionOptions.EPSILON_OR_V),
        ratios.initialScale(),
        new Midpoint(steps));
  }

  /**
   * One step.
   *
   * @param from sigma at the beginning of the step
   * @param middle sigma of the second evaluation; 0 if there is none
   * @param to sigma at the end of the deterministic part
   * @param up standard deviation of the noise added afterwards
   */
  private record Step(double from, double middle, double to, double up) {

    static Step between(double from, double to, boolean ancestral) {
      double up = ancestral ? Ancestral.up(from, to) : 0;
      double down = ancestral ? Ancestral.down(from, to) : to;
      return new Step(from, StrictMath.sqrt(from * down), down, up);
    }
  }

  /**
   * The first evaluation of a step: {@code x_m = x0 + (middle / from) (x - x0)}. The second: {@code
   * x = x_begin + (to - from) (x_m - x0) / middle + up z}. Memory 0: the sample at the beginning.
   */
  private record Midpoint(List<Step> steps) implements Solver {

    private Midpoint {
      steps = List.copyOf(steps);
    }

    @Override
    public int memory() {
      return 1;
    }

    @Override
    public int draws(int k) {
      return k % 2 == 1 && steps.get(k / 2).up > 0 ? 1 : 0;
    }

    @Override
    public void accept(Trajectory trajectory, int k, float[] denoised) {
      Step step = steps.get(k / 2);
      float[] x = trajectory.sample();
      if (k % 2 == 0) {
        Elements.copy(trajectory.memory(0), x);
        Elements.combine(x, step.middle / step.from, 1 - step.middle / step.from, denoised);
        return;
      }
      double stride = (step.to - step.from) / step.middle;
      Elements.combine(x, stride, -stride, denoised);
      Elements.add(x, 1, trajectory.memory(0));
      if (step.up > 0) {
        Elements.add(x, step.up, trajectory.draw());
      }
    }
  }
}
