package io.darkroom.model;

/**
 * How samples become results: as they are, or through the decoder of an autoencoder
 * (High-Resolution Image Synthesis with Latent Diffusion Models, Rombach et al. 2022).
 *
 * @param factor pixels of the result per cell of the sample and side
 * @param scalingFactor latents are divided by it before they are decoded; 1 without a decoder
 * @param decoded whether there is a decoder
 */
public record Space(int factor, double scalingFactor, boolean decoded) {
  /** Samples that are the results themselves. */
  public static final Space PIXELS = new Space(1, 1, false);

  private static final int RGB = 3;

  /** Samples in the latent space of an autoencoder. */
  public static Space latents(int factor, double scalingFactor) {
    return new Space(factor, scalingFactor, true);
  }

  /** Channels of a result whose sample has so many: a decoder gives red, green and blue. */
  public int resultChannels(int sampleChannels) {
    return decoded ? RGB : sampleChannels;
  }

  /** Cells of a side of so many pixels, rounded up. */
  public int cells(int pixels) {
    return (pixels + factor - 1) / factor;
  }
}
