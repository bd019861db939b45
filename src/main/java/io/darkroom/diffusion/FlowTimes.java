package io.darkroom.diffusion;

/** How a pipeline turns a step count into times on a rectified flow. */
public enum FlowTimes {
  /** The pipeline lists the times, evenly from 1 to 1 / count, with or without a shift (FLUX). */
  LISTED,
  /**
   * The pipeline lists the times as {@link #LISTED} if the shift depends on the picture's size;
   * otherwise the sampler spaces them (LTX-Video).
   */
  LISTED_WITH_SHIFT,
  /** The sampler spaces the times (Stable Diffusion 3). */
  COUNTED
}
