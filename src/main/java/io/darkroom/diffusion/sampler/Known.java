package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;

/**
 * A picture that a trajectory is held to where it is known (inpainting), in the network's space.
 * Either the sampler reads it, as RePaint does, or it is put back after each evaluation, noised to
 * the level that the sample has then and clean at the end. Immutable.
 */
public final class Known {
  private static final float[] EMPTY = {};

  /** No picture. */
  public static final Known NOTHING = new Known(EMPTY, EMPTY, EMPTY);

  private final float[] picture;
  private final float[] mask;
  private final float[] noise;

  private Known(float[] picture, float[] mask, float[] noise) {
    this.picture = picture;
    this.mask = mask;
    this.noise = noise;
  }

  /**
   * A picture that the sampler reads.
   *
   * @param picture {@code [C, H, W]}; copied
   * @param mask 1 where it is known, 0 where it is not; {@code [C, H, W]} or, for all channels
   *     alike, {@code [H, W]}; copied
   */
  public static Known bySampler(float[] picture, float[] mask) {
    return new Known(picture.clone(), whole(picture.length, mask), EMPTY);
  }

  /**
   * A picture that is put back after each evaluation.
   *
   * @param picture {@code [C, H, W]}; copied
   * @param mask as of {@link #bySampler}
   * @param noise {@code [C, H, W]}, the same at every level; copied
   */
  public static Known putBack(float[] picture, float[] mask, float[] noise) {
    return new Known(picture.clone(), whole(picture.length, mask), noise.clone());
  }

  /** The mask for every element of the picture. */
  private static float[] whole(int elements, float[] mask) {
    if (mask.length == 0 || elements % mask.length != 0) {
      throw new IllegalArgumentException(
          "mask must be of the picture's size or a plane of it: "
              + mask.length
              + " of "
              + elements);
    }
    float[] whole = new float[elements];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = mask[i % mask.length];
    }
    return whole;
  }

  boolean isNothing() {
    return picture.length == 0;
  }

  float[] picture() {
    return picture;
  }

  float[] mask() {
    return mask;
  }

  /** Puts it back into a sample of this level, where it is not the sampler that does so. */
  void putBack(float[] sample, Level level) {
    float alpha = (float) level.alpha();
    float sigma = (float) level.sigma();
    for (int i = 0; i < noise.length; i++) {
      float noised = alpha * picture[i] + sigma * noise[i];
      sample[i] = mask[i] * noised + (1 - mask[i]) * sample[i];
    }
  }
}
