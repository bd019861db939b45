package io.darkroom.model;

import io.darkroom.job.Tile;
import java.util.Optional;

/**
 * Converts samples to results and pictures to samples, either directly or through an autoencoder
 * (High-Resolution Image Synthesis with Latent Diffusion Models, Rombach et al. 2022).
 *
 * @param factor pixels of the result per cell of the sample and side
 * @param latents conversion between samples and the autoencoder's latents
 * @param decoded whether there is a decoder
 * @param encodes whether pictures can be converted to samples
 * @param scaling conversion of samples without a decoder to data
 * @param decodeTile side and overlap, in latents, of the tiles in which large latents are decoded;
 *     empty if all are decoded as a whole
 */
public record Space(
    int factor,
    LatentScaling latents,
    boolean decoded,
    boolean encodes,
    DataScaling scaling,
    Optional<Tile> decodeTile) {
  /** Samples are the results. */
  public static final Space PIXELS =
      new Space(1, LatentScaling.by(1), false, true, DataScaling.NONE, Optional.empty());

  /**
   * Maximum numbers of all pictures or tiles that are decoded at the same time, because a decoder's
   * memory grows with them. A single one may be larger.
   */
  public static final long MOST_DECODED = 1 << 20;

  /** Channels of a decoded picture. */
  public static final int RGB = 3;

  /** Creates the latent space of an autoencoder without an encoder. */
  public static Space latents(int factor, double scalingFactor) {
    return latents(factor, LatentScaling.by(scalingFactor));
  }

  /** Creates the latent space of an autoencoder without an encoder. */
  public static Space latents(int factor, LatentScaling latents) {
    return new Space(factor, latents, true, false, DataScaling.NONE, Optional.empty());
  }

  /** Returns a copy with an encoder. */
  public Space withEncoder() {
    return new Space(factor, latents, decoded, true, scaling, decodeTile);
  }

  /** Returns a copy with another scaling of the data. */
  public Space scaled(DataScaling other) {
    return new Space(factor, latents, decoded, encodes, other, decodeTile);
  }

  /** Returns a copy that decodes large latents in other tiles. */
  public Space decodedBy(Optional<Tile> tile) {
    return new Space(factor, latents, decoded, encodes, scaling, tile);
  }

  /**
   * Returns the tile in which latents are decoded; empty if they are decoded as a whole, which
   * holds up to twice the tile on both sides.
   *
   * @param latents {@code [C, H, W]}
   */
  public Optional<Tile> decodeTileFor(Shape latents) {
    return decodeTile.filter(
        tile -> Math.max(latents.height(), latents.width()) > 2L * tile.size());
  }

  /** Returns whether samples of the other space have the same meaning here. */
  public boolean takesLatentsOf(Space other) {
    return meaning().equals(other.meaning());
  }

  private Space meaning() {
    return withEncoder().decodedBy(Optional.empty());
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
