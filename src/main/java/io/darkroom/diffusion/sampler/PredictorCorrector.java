package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.schedule.EvaluationPoint;
import java.util.List;
import java.util.Optional;

/**
 * A multistep solver that repeats each step with the value at its end before the next step. This
 * needs no additional evaluations. Both steps are linear in the sample, the values and one shared
 * draw of noise.
 *
 * @param values the values in which the steps are linear
 * @param points the evaluation at the beginning of each step
 * @param steps one for each evaluation
 */
record PredictorCorrector(
    LinearMultistep.Values values, Clip clip, List<EvaluationPoint> points, List<Step> steps)
    implements Solver {

  /**
   * The steps at one evaluation.
   *
   * @param corrector repeats the last step from its beginning, with the new value first; empty if
   *     the step is not corrected
   * @param predictor the next step
   */
  record Step(Optional<LinearStep> corrector, LinearStep predictor) {}

  private static final int LAST_SAMPLE = 0;
  private static final int NOISE = 1;
  private static final int VALUES = 2;

  PredictorCorrector {
    points = List.copyOf(points);
    steps = List.copyOf(steps);
  }

  @Override
  public int memory() {
    int depth = 1;
    for (Step step : steps) {
      depth = Math.max(depth, step.predictor.depth());
      depth = Math.max(depth, step.corrector.map(LinearStep::depth).orElse(1) - 1);
    }
    return VALUES + depth;
  }

  @Override
  public int draws(int k) {
    return steps.get(k).predictor.noisy() ? 1 : 0;
  }

  @Override
  public void accept(Trajectory trajectory, int k, float[] denoised) {
    Step step = steps.get(k);
    float[] x = trajectory.sample();
    float[] last = trajectory.memory(LAST_SAMPLE);
    float[] noise = trajectory.memory(NOISE);
    clip.apply(denoised, trajectory.spare());
    values.from(denoised, x, points.get(k).level());
    if (step.corrector.isPresent()) {
      LinearStep corrector = step.corrector.get();
      Elements.combine(x, corrector.ofSample(), last, corrector.ofValue(0), denoised);
      addOlder(trajectory, corrector, k);
      if (corrector.noisy()) {
        Elements.add(x, corrector.ofNoise(), noise);
      }
    }
    Elements.copy(value(trajectory, k), denoised);
    Elements.copy(last, x);
    Elements.combine(x, step.predictor.ofSample(), step.predictor.ofValue(0), denoised);
    addOlder(trajectory, step.predictor, k);
    if (step.predictor.noisy()) {
      Elements.copy(noise, trajectory.draw());
      Elements.add(x, step.predictor.ofNoise(), noise);
    }
  }

  private static void addOlder(Trajectory trajectory, LinearStep step, int k) {
    for (int j = 1; j < step.depth(); j++) {
      Elements.add(trajectory.sample(), step.ofValue(j), value(trajectory, k - j));
    }
  }

  private static float[] value(Trajectory trajectory, int k) {
    return trajectory.memory(VALUES + k % (trajectory.memories() - VALUES));
  }
}
