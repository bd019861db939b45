package io.darkroom.engine;

import io.darkroom.diffusion.sampler.ForwardingSampler;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.Trajectory;

/**
 * A sampler that throws.
 *
 * @param plain the sampler that it delegates to otherwise
 * @param place where it throws
 * @param at the evaluation
 */
record FaultySampler(Sampler plain, Place place, int at) implements ForwardingSampler {

  /** Before the network runs, or after it. */
  enum Place {
    BEFORE,
    AFTER
  }

  @Override
  public double timestep(int k) {
    check(Place.BEFORE, k);
    return plain.timestep(k);
  }

  @Override
  public void accept(Trajectory trajectory, int k, float[] denoised) {
    check(Place.AFTER, k);
    plain.accept(trajectory, k, denoised);
  }

  private void check(Place reached, int k) {
    if (reached == place && k == at) {
      throw new ArithmeticException("evaluation " + k);
    }
  }
}
