package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.SigmaSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Heun's method in sigma: the mean of the slope at the beginning of the step and the slope at the
 * end of an Euler step. The last step is an Euler step. {@code (x - x0) / sigma} is the slope of
 * both the unscaled probability flow and a rectified flow.
 *
 * <p>{@code d1 = (x_s - x0(x_s)) / s}, {@code x' = x_s + (t - s) d1}, {@code d2 = (x' - x0(x')) /
 * t}, {@code x_t = x_s + (t - s) (d1 + d2) / 2} (Karras et al. 2022, algorithm 1).
 */
record Heun(SigmaSchedule steps, int first, Clip clip) implements Solver {

  /** Returns the evaluations: two at each level except the first. */
  List<EvaluationPoint> points(IntFunction<EvaluationPoint> at) {
    List<EvaluationPoint> points = new ArrayList<>();
    for (int i = first; i < steps.steps(); i++) {
      EvaluationPoint point = at.apply(i);
      if (i > first) {
        points.add(point);
      }
      points.add(point);
    }
    return points;
  }

  @Override
  public int memory() {
    return 1;
  }

  @Override
  public void accept(Trajectory trajectory, int k, float[] denoised) {
    float[] x = trajectory.sample();
    float[] half = trajectory.memory(0);
    clip.apply(denoised, trajectory.spare());
    double from = steps.sigma(first + k / 2);
    double to = steps.sigma(first + k / 2 + 1);
    if (k % 2 == 0) {
      // The first half of the step; the second half, with the slope at the end, is added later.
      double stride = (to - from) / from;
      Elements.combine(half, 1 + stride / 2, x, -stride / 2, denoised);
      Elements.combine(x, 1 + stride, -stride, denoised);
    } else {
      double stride = (to - from) / to;
      Elements.combine(x, stride / 2, -stride / 2, denoised);
      Elements.add(x, 1, half);
    }
  }
}
