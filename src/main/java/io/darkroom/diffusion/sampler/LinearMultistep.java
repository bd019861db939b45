package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import java.util.List;

/**
 * Any solver whose steps are linear in the sample, the network's last values and fresh noise.
 * Solvers differ only in the factors, which are computed in advance.
 *
 * @param values the values in which the steps are linear
 * @param points the evaluation at the beginning of each step
 * @param steps one for each evaluation
 */
record LinearMultistep(
    Values values, Clip clip, List<EvaluationPoint> points, List<LinearStep> steps)
    implements Solver {

  /** The values in which the steps are linear. */
  enum Values {
    /** The denoised estimates. */
    DENOISED,
    /** The estimate of the noise in the sample, {@code (x - alpha x0) / sigma}. */
    NOISE;

    /** Converts an estimate of the clean sample to such a value, in place. */
    void from(float[] denoised, float[] sample, Level level) {
      if (this == NOISE) {
        float ofSample = (float) (1 / level.sigma());
        float ofDenoised = (float) (-level.alpha() / level.sigma());
        for (int i = 0; i < sample.length; i++) {
          denoised[i] = ofSample * sample[i] + ofDenoised * denoised[i];
        }
      }
    }
  }

  LinearMultistep {
    points = List.copyOf(points);
    steps = List.copyOf(steps);
  }

  static LinearMultistep ofDenoised(
      Clip clip, List<EvaluationPoint> points, List<LinearStep> steps) {
    return new LinearMultistep(Values.DENOISED, clip, points, steps);
  }

  @Override
  public int memory() {
    int depth = steps.stream().mapToInt(LinearStep::depth).max().orElse(1);
    return depth > 1 ? depth : 0;
  }

  @Override
  public int draws(int k) {
    return steps.get(k).noisy() ? 1 : 0;
  }

  @Override
  public void accept(Trajectory trajectory, int k, float[] denoised) {
    float[] sample = trajectory.sample();
    clip.apply(denoised, trajectory.spare());
    values.from(denoised, sample, points.get(k).level());
    LinearStep step = steps.get(k);
    Elements.combine(sample, step.ofSample(), step.ofValue(0), denoised);
    int kept = trajectory.memories();
    for (int j = 1; j < step.depth(); j++) {
      Elements.add(sample, step.ofValue(j), trajectory.memory((k - j) % kept));
    }
    if (kept > 0) {
      Elements.copy(trajectory.memory(k % kept), denoised);
    }
    if (step.noisy()) {
      Elements.add(sample, step.ofNoise(), trajectory.draw());
    }
  }
}
