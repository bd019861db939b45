package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.ModelCard;
import io.darkroom.model.TensorInfo;
import java.util.List;

/**
 * The sides of a denoising network's samples in cells, from its file and its configuration.
 *
 * @param file the network's file, for messages
 * @param config the network's configuration
 * @param sample the sample input
 * @param packed whether the sample input of the file is packed latents (tokens)
 * @param enlarges whether the network enlarges pictures
 */
record SampleSizes(
    String file, Config config, TensorInfo sample, boolean packed, boolean enlarges) {
  /** Key of the number of patches of a side in a transformer's table of positions. */
  static final String POSITIONS = "pos_embed_max_size";

  /** Maximum number of blocks; each block halves the sides. */
  private static final int MOST_BLOCKS = 16;

  private static final int PATCH = ModelCard.Network.PATCH_SIZE;

  /** Maximum side of a sample with which a network can be tested. */
  private static final int MOST_CELLS = 4096;

  private static final int SIDE_OF_SUPER_RESOLUTION = 64;

  /** Default side of FLUX's pipelines in cells; the networks' configurations do not contain it. */
  private static final int SIDE_OF_PACKED = 128;

  /** Returns whether the network supports other sizes than the default. */
  boolean any() {
    return sample.rank() > 2 && sample.size(2) < 1 && sample.size(3) < 1;
  }

  /** Returns the default height; 1 for samples without height. */
  int height() throws BrokenPackage {
    return sample.rank() > 3 ? side(2, 0) : 1;
  }

  /** Returns the default width or length; 1 for samples without sides. */
  int width() throws BrokenPackage {
    return sample.rank() == 2 ? 1 : side(sample.rank() - 1, 1);
  }

  /** Returns the number of which the sides must be multiples. */
  int multiple() throws BrokenPackage {
    return sample.rank() > 3 ? sizeMultiple() : lengthMultiple();
  }

  /** Returns the cells per side of a transformer's token. */
  int patchSize() throws BrokenPackage {
    return packed ? PackedLatents.SIDE : patchSize(PATCH);
  }

  /**
   * Returns the maximum cells of a side: a transformer with a table of positions takes no more
   * patches of a side than it has.
   */
  int mostCells() throws BrokenPackage {
    return config.has(POSITIONS)
        ? (int) Math.min(MOST_CELLS, (long) config.positive(POSITIONS) * patchSize(PATCH))
        : Integer.MAX_VALUE;
  }

  private int side(int dimension, int index) throws BrokenPackage {
    if (sample.size(dimension) > MOST_CELLS) {
      throw new BrokenPackage(
          file, sample.name(), "must have sides of at most " + MOST_CELLS + ", is " + sample);
    }
    if (sample.size(dimension) > 0) {
      return Math.toIntExact(sample.size(dimension));
    }
    int side = standardSide(index);
    if (side > MOST_CELLS) {
      throw config.broken("sample_size", "must be at most " + MOST_CELLS + ", is " + side);
    }
    return side;
  }

  private int standardSide(int index) throws BrokenPackage {
    if (config.value("sample_size") instanceof List<?> sides
        && sides.size() == 2
        && sides.get(index) instanceof Integer side
        && side > 0) {
      return side;
    }
    if (config.has("sample_size") || !(enlarges || packed)) {
      return config.positive("sample_size");
    }
    return enlarges ? SIDE_OF_SUPER_RESOLUTION : SIDE_OF_PACKED;
  }

  /** Returns the multiple for both sides: each block except the last halves them. */
  private int sizeMultiple() throws BrokenPackage {
    if (packed) {
      return PackedLatents.SIDE;
    }
    if (config.has("size_multiple")) {
      return config.positive("size_multiple");
    }
    String key = config.has("down_block_types") ? "down_block_types" : "block_out_channels";
    return patchSize(1) << Math.max(0, blocks(config, key) - 1);
  }

  /**
   * Returns the multiple for the length: in diffusers' audio networks each upward block doubles it.
   */
  private int lengthMultiple() throws BrokenPackage {
    if (config.has("size_multiple")) {
      return config.positive("size_multiple");
    }
    return 1 << blocks(config, "up_block_types");
  }

  /** Returns the number of blocks in a list of the configuration. */
  static int blocks(Config config, String key) throws BrokenPackage {
    int blocks = config.list(key).size();
    if (blocks > MOST_BLOCKS) {
      throw config.broken(key, "must be at most " + MOST_BLOCKS + ", are " + blocks);
    }
    return blocks;
  }

  private int patchSize(int otherwise) throws BrokenPackage {
    return config.has("patch_size") ? config.positive("patch_size") : otherwise;
  }
}
