package io.darkroom.onnx;

import io.darkroom.job.Size;
import io.darkroom.job.Tile;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Space;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the tiles in which a package decodes large latents, from its decoder's configuration. By
 * default a tile has the package's own size, for which a decoder was trained, and a quarter of it
 * overlaps, as {@code tile_latent_min_size} and {@code tile_overlap_factor} of diffusers'
 * AutoencoderKL.
 */
final class DecodeTileReader {
  static final String SIZE = "decode_tile_size";
  private static final String OVERLAP = "decode_tile_overlap";
  private static final double STANDARD_OVERLAP = 0.25;
  private static final int LEAST = 8;
  private static final int MOST = 4096;

  private DecodeTileReader() {}

  /**
   * Returns a space with the tiles of its decoder, if it has one.
   *
   * @throws BrokenPackage if a value is out of its bounds
   */
  static Space read(Path folder, Space space, ModelCard.Network network) throws BrokenPackage {
    if (!space.decoded()) {
      return space;
    }
    Config config = ConfigFile.read(folder, ModelPackage.decoder(folder) + "/config.json");
    Size latents = network.layout().standard();
    int size = size(config, Math.max(latents.height(), latents.width()));
    int overlap = (int) Math.rint(overlap(config) * size);
    return space.decodedBy(Optional.of(new Tile(size, Math.min(overlap, size / 2))));
  }

  private static int size(Config config, int standard) throws BrokenPackage {
    if (!config.has(SIZE)) {
      return Math.max(LEAST, standard);
    }
    int size = config.positive(SIZE);
    if (size < LEAST || size > MOST) {
      throw config.broken(SIZE, "must be %d to %d latents, is %d".formatted(LEAST, MOST, size));
    }
    return size;
  }

  private static double overlap(Config config) throws BrokenPackage {
    double share = config.number(OVERLAP).orElse(STANDARD_OVERLAP);
    if (!(share >= 0 && share <= 0.5)) {
      throw config.broken(OVERLAP, "must be 0 to 0.5 of a tile, is " + share);
    }
    return share;
  }
}
