package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Tiling;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Decodes large latents in tiles that overlap, and blends them linearly, as {@code tiled_decode} of
 * diffusers' AutoencoderKL. Unlike there, all tiles have the same size. The decoder runs on one
 * tile per lane, so its memory does not grow with the picture. Tiles are decoded in passes of one
 * tile per lane and added in their order, so the bits do not depend on the lanes. A NaN anywhere in
 * a tile makes pixels of the picture NaN. Engine thread only.
 *
 * @param network the decoder
 * @param tiling the tiles of the latents
 * @param factor pixels per latent and side
 */
record DecodeTiles(PictureNetwork network, Tiling tiling, int factor) {
  private static final int CHANNELS = 3;

  /**
   * Checks that a decoder of fixed size is not split.
   *
   * @param component its folder
   * @throws BrokenPackage if its only size would be decoded in tiles, which it does not take
   */
  static void check(String component, PictureNetwork decoder, Space space) throws BrokenPackage {
    long side = Math.max(decoder.input().size(2), decoder.input().size(3));
    boolean splits = space.decodeTile().filter(tile -> side > 2L * tile.size()).isPresent();
    if (splits) {
      throw new BrokenPackage(
          component + "/config.json",
          DecodeTileReader.SIZE,
          "must be at least half of %d, the fixed side of the decoder's input, is %d"
              .formatted(side, space.decodeTile().orElseThrow().size()));
    }
  }

  /**
   * Decodes latents.
   *
   * @param latents {@code [C, H, W]}, in the decoder's scale
   * @param unwanted asked before each pass of tiles
   * @return {@code [3, h, w]}; empty if the picture is no longer wanted
   */
  Optional<Tensor> decode(Tensor latents, BooleanSupplier unwanted) {
    Shape whole = scaled(latents.shape().height(), latents.shape().width());
    Shape cut =
        new Shape(latents.shape().channels(), tiling.size().height(), tiling.size().width());
    Shape tile = scaled(cut.height(), cut.width());
    float[] values = new float[whole.size()];
    int lanes = Math.min(network.lanes(tile), tiling.count());
    float[][] decoded = new float[lanes][tile.size()];
    try (PictureNetwork.Buffers buffers = network.buffers(cut, tile, lanes)) {
      for (int first = 0; first < tiling.count(); first += lanes) {
        if (unwanted.getAsBoolean()) {
          return Optional.empty();
        }
        pass(buffers, latents, first, decoded);
        add(first, decoded, values, whole);
      }
    }
    return Optional.of(new Tensor(values, whole));
  }

  private Shape scaled(int height, int width) {
    return new Shape(CHANNELS, height * factor, width * factor);
  }

  /** Decodes the tiles from {@code first} on, one per lane. */
  private void pass(PictureNetwork.Buffers buffers, Tensor latents, int first, float[][] decoded) {
    network
        .session()
        .lanes()
        .run(
            Math.min(decoded.length, tiling.count() - first),
            (i, lane) -> buffers.run(i, tiling.cut(latents, first + i), decoded[i]));
  }

  private void add(int first, float[][] decoded, float[] values, Shape whole) {
    for (int i = 0; i < Math.min(decoded.length, tiling.count() - first); i++) {
      add(first + i, decoded[i], values, whole);
    }
  }

  private void add(int tile, float[] decoded, float[] values, Shape whole) {
    double[] across = tiling.acrossWeights(tile, factor);
    double[] down = tiling.downWeights(tile, factor);
    int corner = tiling.top(tile) * factor * whole.width() + tiling.left(tile) * factor;
    for (int row = 0; row < CHANNELS * down.length; row++) {
      int line = row / down.length * whole.height() + row % down.length;
      double weight = down[row % down.length];
      for (int x = 0; x < across.length; x++) {
        float part = (float) (weight * across[x] * decoded[row * across.length + x]);
        values[corner + line * whole.width() + x] += part;
      }
    }
  }
}
