package io.darkroom.engine;

import io.darkroom.diffusion.sampler.TrajectoryState;
import io.darkroom.model.Tensor;

/** How far one image of a stage is: what another engine needs to go on with the same bits. */
public sealed interface PartState {

  /** It has not begun. */
  record Waiting() implements PartState {}

  /** Some of its evaluations are done. */
  record Sampling(TrajectoryState state) implements PartState {}

  /**
   * All of its evaluations are done; what is left is to decode it.
   *
   * @param sample {@code [C, H, W]}, as the sampler left it
   */
  record Sampled(Tensor sample) implements PartState {}
}
