package io.darkroom.model;

import java.util.Arrays;

/**
 * Approximate colours of a latent space, for previews: red, green and blue of a cell are linear in
 * its channels. Immutable.
 */
public final class LatentColors {
  /** Red, green and blue. */
  public static final int COLORS = 3;

  private final double[][] factors;
  private final double[] bias;

  /**
   * Creates colours in [-1, 1] for latents as the sampler holds them, before the scaling factor is
   * applied.
   *
   * @param factors {@code [C][3]}, weights of a channel in each colour
   * @param bias {@code [3]}, the colours of a cell of zeros
   * @throws IllegalArgumentException if they have other sizes or are not finite
   */
  public LatentColors(double[][] factors, double[] bias) {
    this.bias = checked(bias);
    this.factors = new double[factors.length][];
    for (int c = 0; c < factors.length; c++) {
      this.factors[c] = checked(factors[c]);
    }
  }

  private static double[] checked(double[] colors) {
    boolean finite = true;
    for (double color : colors) {
      finite &= Double.isFinite(color);
    }
    if (colors.length != COLORS || !finite) {
      throw new IllegalArgumentException(
          "colours: must be 3 finite numbers, are " + Arrays.toString(colors));
    }
    return colors.clone();
  }

  /** Returns the channels of the latent space. */
  public int channels() {
    return factors.length;
  }

  /**
   * Returns the picture of latents with one pixel per cell.
   *
   * @param latents {@code [C, cells]}; read only
   * @return {@code [3, cells]}, about -1 to 1
   */
  public float[] picture(float[] latents) {
    int cells = latents.length / factors.length;
    float[] picture = new float[COLORS * cells];
    for (int color = 0; color < COLORS; color++) {
      for (int i = 0; i < cells; i++) {
        double sum = bias[color];
        for (int c = 0; c < factors.length; c++) {
          sum += factors[c][color] * latents[c * cells + i];
        }
        picture[color * cells + i] = (float) sum;
      }
    }
    return picture;
  }
}
