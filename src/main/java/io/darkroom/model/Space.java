package io.darkroom.model;

/**
 * Converts samples to results and pictures to samples, either directly or through an autoencoder
 * (High-Resolution Image Synthesis with Latent Diffusion Models, Rombach et al. 2022).
 *
 * @param factor pixels of the result per cell of the sample and side
 * @param latents conversion between samples and the autoencoder's latents
 * @param decoded whether there is a decoder
 * @param encodes whether pictures can be converted to samples
 * @param scaling conversion of samples without a decoder to data
 */
public record Space(
    int factor, LatentScaling latents, boolean decoded, boolean encodes, DataScaling scaling) {
  /** Samples are the results. */
  public static final Space PIXELS =
      new Space(1, LatentScaling.by(1), false, true, DataScaling.NONE);

  /** Channels of a decoded picture. */
  static final int RGB = 3;

  /** Creates the latent space of an autoencoder without an encoder. */
  public static Space latents(int factor, double scalingFactor) {
    return latents(factor, LatentScaling.by(scalingFactor));
  }

  /** Creates the latent space of an autoencoder without an encoder. */
  public static Space latents(int factor, LatentScaling latents) {
    return new Space(factor, latents, true, false, DataScaling.NONE);
  }

  /** Returns a copy with an encoder. */
  public Space withEncoder() {
    return new Space(factor, latents, decoded, true, scaling);
  }

  /** Returns a copy with another scaling of the data. */
  public Space scaled(DataScaling other) {
    return new Space(factor, latents, decoded, encodes, other);
  }

  /** Returns whether samples of the other space have the same meaning here. */
  public boolean takesLatentsOf(Space other) {
    return withEncoder().equals(other.withEncoder());
  }

  /** Returns the channels of a result: 3 if there is a decoder, else those of the sample. */
  public int resultChannels(int sampleChannels) {
    return decoded ? RGB : sampleChannels;
  }

  /** Returns the cells of a side of {@code pixels} pixels, rounded up. */
  public int cells(int pixels) {
    return (pixels + factor - 1) / factor;
  }
}
