package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Prediction;

/**
 * A solver bound to the noise levels of one render: everything about the way from noise to picture
 * that can be known beforehand, as an immutable value that any number of trajectories share.
 *
 * <p>A sampler never calls the network. The owner of the loop shows the network {@link
 * Trajectory}'s sample and hands the denoised estimate back; the sampler moves the sample to where
 * the next evaluation wants it. Coefficients are computed in double when the sampler is made,
 * elements are float.
 */
public interface Sampler {

  /** Evaluations of the network, 1 or more. */
  int evaluations();

  /** The network's timestep at evaluation {@code k}, as it was trained. */
  double timestep(int k);

  /** The level of the sample at evaluation {@code k}. */
  Level level(int k);

  /** What the network's output means. */
  Prediction prediction();

  /** Factor on the sample before it is shown to the network at evaluation {@code k}. */
  default double inputScale(int k) {
    return prediction().inputScale(level(k));
  }

  /** Factor on the sample in the denoised estimate of evaluation {@code k}. */
  default double sampleFactor(int k) {
    return prediction().sampleFactor(level(k));
  }

  /** Factor on the network's output in the denoised estimate of evaluation {@code k}. */
  default double outputFactor(int k) {
    return prediction().outputFactor(level(k));
  }

  /** Factor from standard normal noise to the first sample. */
  double initialScale();

  /** How many arrays of the sample's size the trajectory keeps for this sampler. */
  int memory();

  /** How many draws of noise {@link #accept} makes at evaluation {@code k}. */
  int draws(int k);

  /**
   * Whether {@link #accept} reads a learned variance, which the network gives as a second half of
   * its output's channels.
   */
  default boolean readsVariance() {
    return false;
  }

  /** Whether {@link #accept} reads a known picture and the mask of what is known of it. */
  default boolean readsKnown() {
    return false;
  }

  /**
   * The result of a finished trajectory: its sample, or what the sampler holds better, such as the
   * last step without its noise.
   */
  default float[] result(Trajectory trajectory) {
    return trajectory.sample();
  }

  /**
   * Takes the denoised estimate of evaluation {@code k} and moves the trajectory's sample on.
   *
   * @param denoised the estimate of the clean sample, not clipped; what follows the sample's size
   *     is the second half of the network's output, as it came. May be overwritten
   */
  void accept(Trajectory trajectory, int k, float[] denoised);
}
