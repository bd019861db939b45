package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Prediction;

/**
 * A solver bound to the noise levels of one render: an immutable value with everything that can be
 * computed in advance, shared by any number of trajectories.
 *
 * <p>A sampler never calls the network. The engine loop passes {@link Trajectory}'s sample to the
 * network and passes the denoised estimate to the sampler, which moves the sample to the next
 * evaluation. Coefficients are computed in double when the sampler is made; elements are float.
 */
public interface Sampler {

  /** Returns the number of network evaluations, 1 or more. */
  int evaluations();

  /** Returns the network's training timestep at evaluation {@code k}. */
  double timestep(int k);

  /** Returns the level of the sample at evaluation {@code k}. */
  Level level(int k);

  /** Returns the level of the result: clean, unless the sampler stops early. */
  default Level lastLevel() {
    return Level.CLEAN;
  }

  /** Returns the meaning of the network's output. */
  Prediction prediction();

  /**
   * Returns the factor by which the sample is multiplied before the network reads it at evaluation
   * {@code k}.
   */
  default double inputScale(int k) {
    return prediction().inputScale(level(k));
  }

  /** Returns the factor of the sample in the denoised estimate of evaluation {@code k}. */
  default double sampleFactor(int k) {
    return prediction().sampleFactor(level(k));
  }

  /**
   * Returns the factor of the network's output in the denoised estimate of evaluation {@code k}.
   */
  default double outputFactor(int k) {
    return prediction().outputFactor(level(k));
  }

  /** Returns the factor from standard normal noise to the first sample. */
  double initialScale();

  /**
   * Returns the number of arrays of the sample's size that the trajectory keeps for this sampler.
   */
  int memory();

  /** Returns the number of noise draws of {@link #accept} at evaluation {@code k}. */
  int draws(int k);

  /**
   * Returns the number of noise draws before evaluation {@code k}, including the first sample's.
   */
  default int drawsUntil(int k) {
    int draws = 1;
    for (int i = 0; i < k; i++) {
      draws += draws(i);
    }
    return draws;
  }

  /**
   * Returns whether {@link #accept} reads a learned variance, the second half of the network's
   * output channels.
   */
  default boolean readsVariance() {
    return false;
  }

  /** Returns whether {@link #accept} reads a known picture and its mask. */
  default boolean readsKnown() {
    return false;
  }

  /** Returns whether the sample is bounded to [-1, 1] after each evaluation. */
  default boolean clampsEachStep() {
    return false;
  }

  /**
   * Returns the result of a finished trajectory: its sample, or a better value in the sampler's
   * memory, such as the last step without its noise.
   */
  default float[] result(Trajectory trajectory) {
    return trajectory.sample();
  }

  /**
   * Moves the trajectory's sample to the next evaluation.
   *
   * @param denoised the estimate of the clean sample at evaluation {@code k}, not clipped, followed
   *     by the unchanged second half of the network's output if it has one; may be overwritten
   */
  void accept(Trajectory trajectory, int k, float[] denoised);
}
