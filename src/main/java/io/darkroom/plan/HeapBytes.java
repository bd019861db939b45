package io.darkroom.plan;

import io.darkroom.job.Size;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;

/** What images take of the Java heap, as their shapes tell. */
public final class HeapBytes {
  /** Arrays of the sample's size beside the sampler's memory: sample, scratch, next noise. */
  private static final int ARRAYS = 3;

  /** Arrays of the output's size that the images of one call share: guided and not. */
  private static final int OUTPUTS = 2;

  /** Memory arrays of the samplers that keep most, generously. */
  private static final int MOST_MEMORY = 5;

  /** Arrays of the sample's size that an image has that is held to a picture. */
  private static final int HELD = 3;

  private static final long CHANNELS = 3;

  private HeapBytes() {}

  /** Bytes of one image under way, up to its decoded picture; what is cut out of that is kept. */
  public static long underWay(Stage stage) {
    ModelCard.Network network = stage.model().network();
    Shape sample = stage.sample();
    int condition = network.inputChannels() - network.sampleChannels();
    int held = stage.start().keep() == Start.Keep.NOTHING ? 0 : HELD;
    long floats =
        size(sample) * (ARRAYS + held + stage.sampler().memory())
            + (long) OUTPUTS * network.outputChannels() * sample.height() * sample.width()
            + (long) condition * sample.height() * sample.width()
            + CHANNELS * stage.result().pixels();
    return floats * Float.BYTES;
  }

  /**
   * Bytes of what a stage holds until its pictures are files: all of them, with their samples where
   * those are not the pictures themselves, and the picture that it begins with.
   */
  public static long kept(Stage stage) {
    Shape sample = stage.sample();
    Size result = stage.result();
    boolean asItIs =
        !stage.model().space().decoded()
            && sample.height() == result.height()
            && sample.width() == result.width();
    long each = size(sample) + (asItIs ? 0 : CHANNELS * result.pixels());
    long inputs = CHANNELS * stage.inputPixels() + 2 * size(sample) * stage.encodings().size();
    return (stage.parts().size() * each + inputs) * Float.BYTES;
  }

  /**
   * Bytes that a stage cannot do without: an image under way, and what is held from the first one
   * on or, before that, while the picture is read that it begins with.
   */
  static long needed(Stage stage, long readingBytes) {
    return underWay(stage) + Math.max(kept(stage), readingBytes);
  }

  /** Bytes of an image of so many pixels in the worst case: one that is denoised as it is. */
  public static long most(long pixels) {
    return (ARRAYS + OUTPUTS + MOST_MEMORY + 1) * CHANNELS * pixels * Float.BYTES
        + mostKept(pixels);
  }

  /** Bytes of a finished picture of so many pixels, in the worst case with its sample. */
  public static long mostKept(long pixels) {
    return 2 * CHANNELS * pixels * Float.BYTES;
  }

  private static long size(Shape shape) {
    return (long) shape.channels() * shape.height() * shape.width();
  }
}
