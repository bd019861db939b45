package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;

/**
 * The known part of a picture during inpainting, in the network's space. Either the sampler reads
 * it (RePaint), or it replaces the known part of the sample after each evaluation, with noise of
 * the sample's current level and without noise at the end. Immutable.
 */
public final class Known {
  private static final float[] EMPTY = {};

  /** No known picture. */
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
   * Returns a picture that the sampler reads.
   *
   * @param picture {@code [C, H, W]}; copied
   * @param mask 1 where the picture is known, else 0; {@code [C, H, W]} or, for all channels alike,
   *     {@code [H, W]}; copied
   */
  public static Known bySampler(float[] picture, float[] mask) {
    return new Known(picture.clone(), whole(picture.length, mask), EMPTY);
  }

  /**
   * Returns a picture that replaces the known part of the sample after each evaluation.
   *
   * @param picture {@code [C, H, W]}; copied
   * @param mask as in {@link #bySampler}
   * @param noise {@code [C, H, W]}, the same at every level; copied
   */
  public static Known putBack(float[] picture, float[] mask, float[] noise) {
    return new Known(picture.clone(), whole(picture.length, mask), noise.clone());
  }

  /** Returns the mask for every element of the picture. */
  private static float[] whole(int elements, float[] mask) {
    if (mask.length == 0 || elements % mask.length != 0) {
      throw new IllegalArgumentException(
          "mask must be of the image's size or a plane of it: " + mask.length + " of " + elements);
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

  /**
   * Replaces the known part of a sample of this level, unless the sampler reads the picture itself.
   */
  void putBack(float[] sample, Level level) {
    float alpha = (float) level.alpha();
    float sigma = (float) level.sigma();
    for (int i = 0; i < noise.length; i++) {
      float noised = alpha * picture[i] + sigma * noise[i];
      sample[i] = mask[i] * noised + (1 - mask[i]) * sample[i];
    }
  }
}
