package io.darkroom.plan;

import io.darkroom.job.Size;

/** What images take of the Java heap, as their shapes tell. */
public final class ImageBytes {
  /** Arrays of the sample's size beside the sampler's memory: sample, scratch, next noise. */
  private static final int ARRAYS = 3;

  /** Arrays of the output's size that the images of one call share: guided and not. */
  private static final int OUTPUTS = 2;

  /** Memory arrays of the samplers that keep most, generously. */
  private static final int MOST_MEMORY = 5;

  private static final long CHANNELS = 3;

  private ImageBytes() {}

  /** Bytes of one image under way, up to its decoded picture; what is cut out of that is kept. */
  public static long underWay(Stage stage, Size base) {
    ModelCard.Network network = stage.model().network();
    Shape sample = sample(stage, base);
    int condition = network.inputChannels() - network.sampleChannels();
    long floats =
        size(sample) * (ARRAYS + stage.sampler().memory())
            + (long) OUTPUTS * network.outputChannels() * sample.height() * sample.width()
            + (long) condition * sample.height() * sample.width()
            + CHANNELS * stage.result(base).pixels();
    return floats * Float.BYTES;
  }

  /**
   * Bytes of what a stage holds until its pictures are files: all of them, with their samples where
   * those are not the pictures themselves, and the picture that it begins with.
   */
  public static long kept(Stage stage, Size base) {
    Shape sample = sample(stage, base);
    Size result = stage.result(base);
    boolean asItIs =
        !(stage.model().layout() instanceof ModelCard.Layout.TextToImage)
            && sample.height() == result.height()
            && sample.width() == result.width();
    boolean begins = stage.model().layout() instanceof ModelCard.Layout.SuperResolution;
    long each = size(sample) + (asItIs ? 0 : CHANNELS * result.pixels());
    long floats = stage.images().size() * each + (begins ? CHANNELS * base.pixels() : 0);
    return floats * Float.BYTES;
  }

  /**
   * Bytes that a stage cannot do without: an image under way, and what is held from the first one
   * on or, before that, while the picture is read that it begins with.
   */
  public static long needed(Stage stage, Start start) {
    return underWay(stage, start.base())
        + Math.max(kept(stage, start.base()), start.readingBytes());
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

  private static Shape sample(Stage stage, Size base) {
    return stage.sample(stage.windows(base).get(0));
  }

  private static long size(Shape shape) {
    return (long) shape.channels() * shape.height() * shape.width();
  }
}
