package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Prediction;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import java.util.List;

/**
 * A sampler composed of its evaluation points, the meaning of the network's output, and its solver.
 */
record BoundSampler(
    List<EvaluationPoint> points, Prediction prediction, double initialScale, Solver solver)
    implements Sampler {

  BoundSampler {
    points = List.copyOf(points);
  }

  @Override
  public int evaluations() {
    return points.size();
  }

  @Override
  public double timestep(int k) {
    return points.get(k).timestep();
  }

  @Override
  public Level level(int k) {
    return points.get(k).level();
  }

  @Override
  public double inputScale(int k) {
    return points.get(k).inputScale(prediction);
  }

  @Override
  public double sampleFactor(int k) {
    return points.get(k).sampleFactor(prediction);
  }

  @Override
  public double outputFactor(int k) {
    return points.get(k).outputFactor(prediction);
  }

  @Override
  public int memory() {
    return solver.memory();
  }

  @Override
  public int draws(int k) {
    return solver.draws(k);
  }

  @Override
  public boolean readsVariance() {
    return solver.readsVariance();
  }

  @Override
  public boolean readsKnown() {
    return solver.readsKnown();
  }

  @Override
  public float[] result(Trajectory trajectory) {
    return solver.result(trajectory);
  }

  @Override
  public void accept(Trajectory trajectory, int k, float[] denoised) {
    solver.accept(trajectory, k, denoised);
  }
}
