package io.darkroom.engine;

import io.darkroom.diffusion.sampler.TrajectoryState;
import io.darkroom.model.Tensor;

/** The state of one image of a stage: what another engine needs to continue with the same bits. */
public sealed interface PartState {

  /** The image has not begun. */
  record Waiting() implements PartState {}

  /** Some evaluations are done. */
  record Sampling(TrajectoryState state) implements PartState {}

  /**
   * All evaluations are done; the image must still be decoded.
   *
   * @param sample {@code [C, H, W]}, the result of the sampler
   */
  record Sampled(Tensor sample) implements PartState {}
}
