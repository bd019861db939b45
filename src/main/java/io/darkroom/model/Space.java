package io.darkroom.model;

/**
 * How samples become results and pictures become samples: as they are, or through an autoencoder
 * (High-Resolution Image Synthesis with Latent Diffusion Models, Rombach et al. 2022).
 *
 * @param factor pixels of the result per cell of the sample and side
 * @param scalingFactor latents are divided by it before they are decoded; 1 without a decoder
 * @param decoded whether there is a decoder
 * @param encodes whether pictures can be made into samples
 */
public record Space(int factor, double scalingFactor, boolean decoded, boolean encodes) {
  /** Samples that are the results themselves. */
  public static final Space PIXELS = new Space(1, 1, false, true);

  private static final int RGB = 3;

  /** Logarithms of variances are held to these bounds, as AutoencoderKL's are. */
  private static final float LEAST_LOG_VARIANCE = -30;

  private static final float MOST_LOG_VARIANCE = 20;

  /** Samples in the latent space of an autoencoder of which only the decoder is there. */
  public static Space latents(int factor, double scalingFactor) {
    return new Space(factor, scalingFactor, true, false);
  }

  /** The same with the encoder. */
  public Space withEncoder() {
    return new Space(factor, scalingFactor, decoded, true);
  }

  /** Channels of a result whose sample has so many: a decoder gives red, green and blue. */
  public int resultChannels(int sampleChannels) {
    return decoded ? RGB : sampleChannels;
  }

  /** Cells of a side of so many pixels, rounded up. */
  public int cells(int pixels) {
    return (pixels + factor - 1) / factor;
  }

  /** Samples as the decoder takes them, in a new array. */
  public float[] unscaled(float[] sample) {
    float divisor = (float) scalingFactor;
    float[] unscaled = new float[sample.length];
    for (int i = 0; i < sample.length; i++) {
      unscaled[i] = sample[i] / divisor;
    }
    return unscaled;
  }

  /**
   * What an encoder gives, as samples are distributed by it.
   *
   * @param parameters {@code [2C, H, W]}: mean, then logarithm of the variance
   * @return {@code [2C, H, W]}: mean, then standard deviation, both scaled
   */
  public float[] distribution(float[] parameters) {
    float[] distribution = new float[parameters.length];
    int half = parameters.length / 2;
    for (int i = 0; i < half; i++) {
      distribution[i] = (float) (parameters[i] * scalingFactor);
      float bounded =
          Math.min(Math.max(parameters[half + i], LEAST_LOG_VARIANCE), MOST_LOG_VARIANCE);
      distribution[half + i] = (float) (StrictMath.exp(bounded / 2.0) * scalingFactor);
    }
    return distribution;
  }
}
