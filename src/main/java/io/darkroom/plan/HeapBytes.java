package io.darkroom.plan;

import io.darkroom.job.Size;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import java.util.List;

/** Computes the bytes of the Java heap that images use, from their shapes. */
public final class HeapBytes {
  /** Arrays of the sample's size besides the sampler's memory: sample, scratch, next noise. */
  private static final int ARRAYS = 3;

  /** Arrays of the output's size that the images of one call share: guided and unguided. */
  private static final int OUTPUTS = 2;

  /** Calls of an image whose network is split: full and shallow. */
  private static final long CALLS = 2;

  /** Maximum memory arrays of a sampler, with a margin. */
  private static final int MOST_MEMORY = 5;

  /** Arrays of the sample's size for the known part of a picture. */
  private static final int HELD = 3;

  private static final long CHANNELS = 3;

  private HeapBytes() {}

  /**
   * Returns the bytes of one running image or tile: its state, its cached features, its decoded
   * picture and, for a tile, its part of the start picture.
   */
  public static long underWay(Stage stage) {
    ModelCard.Network network = stage.model().network();
    Shape sample = stage.sample();
    int held = stage.start().keep() == Start.Keep.NOTHING ? 0 : HELD;
    long floats =
        size(sample) * (ARRAYS + held + stage.sampler().memory())
            + outputs(stage) * network.outputSize(sample)
            + (long) stage.guidance().mostRows() * stage.featureSize()
            + network.conditionSize(sample)
            + channels(stage) * stage.partResult().pixels()
            + (stage.tiled() ? CHANNELS * stage.tiling().size().pixels() : 0)
            + stage.decodeTiling().map(tiles -> decoding(stage, tiles)).orElse(0L);
    return floats * Float.BYTES;
  }

  /** Returns the numbers for decoding in tiles: the decoder's input, and the tiles of a pass. */
  private static long decoding(Stage stage, Tiling tiles) {
    long factor = stage.model().space().factor();
    long tile = CHANNELS * tiles.size().pixels() * factor * factor;
    long pass = Math.max(tile, Space.MOST_DECODED);
    return size(stage.sample()) + Math.min(pass, tiles.count() * tile);
  }

  /**
   * Returns the bytes that a stage holds until its pictures are files: all pictures, their samples
   * if these are not the pictures, and the start picture.
   */
  public static long kept(Stage stage) {
    Shape sample = stage.sample();
    Size result = stage.result();
    boolean asItIs =
        !stage.tiled()
            && !stage.model().space().decoded()
            && stage.model().space().scaling().none()
            && sample.equals(stage.model().resultShape(result));
    long pictures = asItIs ? 0 : stage.images().size() * channels(stage) * result.pixels();
    boolean scaled = stage.tiled() && !stage.model().space().scaling().none();
    long floats = stage.parts() * size(sample) + (scaled ? 2 : 1) * pictures;
    return (floats + stage.sharedDraws()) * Float.BYTES + inputs(stage);
  }

  private static long inputs(Stage stage) {
    long encoded = 2 * size(stage.sample()) * stage.encodings().size();
    return (stage.inputSize() + encoded) * Float.BYTES;
  }

  /**
   * Returns the bytes that are held in addition to one running image while a stage and the
   * following stages are rendered: the maximum over these stages.
   *
   * @param following stages of the same request that start from its results
   */
  public static long kept(Stage stage, List<Stage> following) {
    long most = kept(stage);
    for (Stage other : following) {
      most = Math.max(most, inputs(stage) + underWay(other) + kept(other) - underWay(stage));
    }
    return most;
  }

  /**
   * Returns the minimum bytes of a render: one running image, plus what is held from the first
   * image on or, before that, while the start picture is read.
   */
  static long needed(RenderPlan plan, long readingBytes) {
    Stage first = plan.first();
    return underWay(first) + Math.max(kept(first, plan.following(0)), readingBytes);
  }

  /**
   * Returns the bytes of an image of this many pixels in the worst case: a model in pixel space.
   */
  public static long most(long pixels) {
    return (ARRAYS + OUTPUTS + MOST_MEMORY + 1) * CHANNELS * pixels * Float.BYTES
        + mostKept(pixels);
  }

  /**
   * Returns the bytes of a finished picture of this many pixels in the worst case, with its sample.
   */
  public static long mostKept(long pixels) {
    return 2 * CHANNELS * pixels * Float.BYTES;
  }

  /** Returns the outputs of the calls of an image. */
  private static long outputs(Stage stage) {
    return stage.cache().isPresent() ? CALLS * OUTPUTS : OUTPUTS;
  }

  private static long channels(Stage stage) {
    return Math.max(CHANNELS, stage.model().pictureChannels());
  }

  private static long size(Shape shape) {
    return shape.elements();
  }
}
