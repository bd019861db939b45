package io.darkroom.diffusion.noise;

/**
 * Standard normal numbers of one image. The n-th draw depends only on the seed and the draws before
 * it. Not thread-safe.
 */
public interface NoiseSource {

  /** Fills {@code out} with the next draw of {@code out.length} elements. */
  void fill(float[] out);

  /**
   * Fills {@code out} with the next draw, which all images of a batch share. Equal to {@link #fill}
   * if the image has its own generator.
   */
  default void fillShared(float[] out) {
    fill(out);
  }

  /**
   * Fills {@code out} with a part of the next draw. The default implementation makes the whole
   * draw; sources override it if they can make less.
   *
   * @param out {@link Cut#elements} long
   */
  default void fill(Cut cut, float[] out) {
    float[] whole = new float[Math.toIntExact(cut.size())];
    fill(whole);
    cut.take(0, whole, whole.length, out);
  }

  /** Fills {@code out} with a part of the next draw, which all images of a batch share. */
  default void fillShared(Cut cut, float[] out) {
    fill(cut, out);
  }

  /**
   * Skips the next draws as if they had been made.
   *
   * @param draws number of draws, 0 or more
   * @param size elements of each
   */
  default void skip(int draws, long size) {
    float[] unused = new float[Math.toIntExact(size)];
    for (int i = 0; i < draws; i++) {
      fill(unused);
    }
  }
}
