package io.darkroom.diffusion.noise;

/**
 * Standard normal numbers that belong to one image alone: what the n-th draw gives depends on the
 * seed and the draws before it, on nothing else. Not safe for use by two threads at once.
 */
public interface NoiseSource {

  /** Fills {@code out} with the next draw of {@code out.length} elements. */
  void fill(float[] out);

  /**
   * Fills {@code out} with the next draw, where the images of a batch have this draw in common. The
   * same as {@link #fill} for an image with a generator of its own.
   */
  default void fillShared(float[] out) {
    fill(out);
  }

  /**
   * Leaves out the next draws, as if they had been made.
   *
   * @param draws how many, 0 or more
   * @param size elements of each
   */
  default void skip(int draws, int size) {
    float[] unused = new float[size];
    for (int i = 0; i < draws; i++) {
      fill(unused);
    }
  }
}
