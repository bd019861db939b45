package io.darkroom.diffusion;

import java.util.List;

/** A sampler as its parts: where it goes, what the network's output means, how it steps. */
record BoundSampler(List<Visit> visits, Prediction prediction, double initialScale, Solver solver)
    implements Sampler {

  BoundSampler {
    visits = List.copyOf(visits);
  }

  @Override
  public int evaluations() {
    return visits.size();
  }

  @Override
  public double timestep(int k) {
    return visits.get(k).timestep();
  }

  @Override
  public Level level(int k) {
    return visits.get(k).level();
  }

  @Override
  public double inputScale(int k) {
    return visits.get(k).inputScale(prediction);
  }

  @Override
  public double sampleFactor(int k) {
    return visits.get(k).sampleFactor(prediction);
  }

  @Override
  public double outputFactor(int k) {
    return visits.get(k).outputFactor(prediction);
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
