package io.darkroom.engine;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Prediction;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.Trajectory;

/**
 * A sampler with a mistake in it.
 *
 * @param sound another one, which it is but for that
 * @param place where it throws
 * @param at the evaluation
 */
record FaultySampler(Sampler sound, Place place, int at) implements Sampler {

  /** Before the network runs, or after it. */
  enum Place {
    BEFORE,
    AFTER
  }

  @Override
  public int evaluations() {
    return sound.evaluations();
  }

  @Override
  public double timestep(int k) {
    check(Place.BEFORE, k);
    return sound.timestep(k);
  }

  @Override
  public Level level(int k) {
    return sound.level(k);
  }

  @Override
  public Prediction prediction() {
    return sound.prediction();
  }

  @Override
  public double initialScale() {
    return sound.initialScale();
  }

  @Override
  public int memory() {
    return sound.memory();
  }

  @Override
  public int draws(int k) {
    return sound.draws(k);
  }

  @Override
  public void accept(Trajectory trajectory, int k, float[] denoised) {
    check(Place.AFTER, k);
    sound.accept(trajectory, k, denoised);
  }

  private void check(Place reached, int k) {
    if (reached == place && k == at) {
      throw new ArithmeticException("evaluation " + k);
    }
  }
}
