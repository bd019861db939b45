package io.darkroom.diffusion.sampler;

/** Moves a sampler's sample, given the denoised estimate of each evaluation. Immutable. */
interface Solver {

  /** See {@link Sampler#memory}. */
  default int memory() {
    return 0;
  }

  /** See {@link Sampler#draws}. */
  default int draws(int k) {
    return 0;
  }

  /** See {@link Sampler#readsVariance}. */
  default boolean readsVariance() {
    return false;
  }

  /** See {@link Sampler#readsKnown}. */
  default boolean readsKnown() {
    return false;
  }

  /** See {@link Sampler#result}. */
  default float[] result(Trajectory trajectory) {
    return trajectory.sample();
  }

  /** See {@link Sampler#accept}. */
  void accept(Trajectory trajectory, int k, float[] denoised);
}
