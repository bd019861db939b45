package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.model.TensorInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of the dimensions of a denoising network's samples in cells, from its file and its
 * configuration.
 *
 * @param file the network's file, for messages
 * @param config the network's configuration
 * @param sample the sample input
 * @param dimensions names of its dimensions
 * @param packed whether the sample input of the file is packed latents (tokens)
 * @param enlarges whether the network enlarges pictures
 */
record SampleSizes(
    String file,
    Config config,
    TensorInfo sample,
    SampleDimensions dimensions,
    boolean packed,
    boolean enlarges) {
  /** Key of the number of patches of a side in a transformer's table of positions. */
  static final String POSITIONS = "pos_embed_max_size";

  /** Maximum number of blocks; each block halves the sides. */
  private static final int MOST_BLOCKS = 16;

  private static final int PATCH = ModelCard.Network.PATCH_SIZE;

  /** Maximum side of a sample with which a network can be tested. */
  private static final int MOST_CELLS = 4096;

  /** Maximum default length of a sound. */
  private static final int MOST_LENGTH = 1 << 20;

  private static final int SIDE_OF_SUPER_RESOLUTION = 64;

  /** Default side of FLUX's pipelines in cells; the networks' configurations do not contain it. */
  private static final int SIDE_OF_PACKED = 128;

  /** Returns the dimensions of a sample with their sizes. */
  Layout layout(int channels) throws BrokenPackage {
    List<Layout.Dimension> all = new ArrayList<>();
    for (int axis = 0; axis < dimensions.names().size(); axis++) {
      String name = dimensions.names().get(axis);
      all.add(
          name.equals(Layout.CHANNELS)
              ? Layout.Dimension.fixed(name, channels)
              : side(name, axis + 1));
    }
    return new Layout(all);
  }

  private Layout.Dimension side(String name, int dimension) throws BrokenPackage {
    return new Layout.Dimension(
        name, size(name, dimension), open(name, dimension), multiple(name), most(name));
  }

  /** Returns whether a side can have other sizes; for pictures only if both sides can. */
  private boolean open(String name, int dimension) {
    int height = dimensions.names().indexOf(Layout.HEIGHT);
    int width = dimensions.names().indexOf(Layout.WIDTH);
    boolean both = height >= 0 && width >= 0;
    return (both && Layout.isOfPicture(name))
        ? sample.size(height + 1) < 1 && sample.size(width + 1) < 1
        : sample.size(dimension) < 1;
  }

  /** Returns the number of which a side must be a multiple. */
  private int multiple(String name) throws BrokenPackage {
    return switch (name) {
      case Layout.HEIGHT, Layout.WIDTH -> sizeMultiple();
      case Layout.LENGTH -> lengthMultiple();
      default -> 1;
    };
  }

  /**
   * Returns the maximum cells of a side: a transformer with a table of positions takes no more
   * patches of a side than it has.
   */
  private int most(String name) throws BrokenPackage {
    if (config.has("max_" + name)) {
      return config.positive("max_" + name);
    }
    return config.has(POSITIONS) && Layout.isOfPicture(name)
        ? (int) Math.min(MOST_CELLS, (long) config.positive(POSITIONS) * patchSize(PATCH))
        : Integer.MAX_VALUE;
  }

  /** Returns the cells per side of a transformer's token. */
  int patchSize() throws BrokenPackage {
    return packed ? PackedLatents.SIDE : patchSize(PATCH);
  }

  private int size(String name, int dimension) throws BrokenPackage {
    long most = name.equals(Layout.LENGTH) ? MOST_LENGTH : MOST_CELLS;
    if (sample.size(dimension) > most) {
      throw new BrokenPackage(
          file, sample.name(), "must have sides of at most " + most + ", is " + sample);
    }
    if (sample.size(dimension) > 0) {
      return Math.toIntExact(sample.size(dimension));
    }
    String key =
        switch (name) {
          case Layout.HEIGHT, Layout.WIDTH, Layout.LENGTH -> "sample_size";
          default -> config.has(name) ? name : "max_" + name;
        };
    int side = key.equals("sample_size") ? standardSide(name) : config.positive(key);
    if (side > most) {
      throw config.broken(key, "must be at most " + most + ", is " + side);
    }
    return side;
  }

  private int standardSide(String name) throws BrokenPackage {
    int index = name.equals(Layout.HEIGHT) ? 0 : 1;
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
   * Returns the multiple for the length: of a vocoder, the samples for each column of its
   * spectrogram; in diffusers' audio networks each upward block doubles it.
   */
  private int lengthMultiple() throws BrokenPackage {
    if (config.has("size_multiple")) {
      return config.positive("size_multiple");
    }
    if (config.has("hop_length")) {
      return config.positive("hop_length");
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
