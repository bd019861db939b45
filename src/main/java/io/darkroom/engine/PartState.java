package io.darkroom.engine;

import io.darkroom.diffusion.sampler.TrajectoryState;
import io.darkroom.model.Tensor;

/** The state of one image of a stage: what another engine needs to continue with the same bits. */
public sealed interface PartState {

  /** The image has not begun. */
  record Waiting() implements PartState {}

  /**
   * Some evaluations are done.
   *
   * @param features deep features that the next evaluations may read
   */
  record Sampling(TrajectoryState state, DeepFeatures features) implements PartState {

    /** Creates the state of an image without a cache. */
    public Sampling(TrajectoryState state) {
      this(state, DeepFeatures.NONE);
    }
  }

  /**
   * All evaluations are done; the image must still be decoded.
   *
   * @param sample {@code [C, H, W]}, the result of the sampler
   */
  record Sampled(Tensor sample) implements PartState {}
}
