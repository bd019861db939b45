package io.darkroom.engine;

import io.darkroom.job.Size;
import io.darkroom.plan.ModelCard;
import io.darkroom.plan.Shape;

/** What an image under way takes of the Java heap, as its shapes tell. */
public final class ImageBytes {
  /** Arrays of the sample's size beside the sampler's memory: sample, scratch, next noise. */
  private static final int ARRAYS = 3;

  /** The picture as it is decoded, and as it is cut out of that. */
  private static final int PICTURES = 2;

  /** Memory arrays of the samplers that keep most, generously. */
  private static final int MOST_MEMORY = 5;

  private static final long CHANNELS = 3;

  private ImageBytes() {}

  /** Bytes of one image of a job. */
  static long of(ActiveJob job) {
    Shape sample = job.sample();
    ModelCard.Network network = job.stage().model().network();
    int condition = network.inputChannels() - network.sampleChannels();
    long cells = (long) sample.height() * sample.width();
    Size result = job.stage().result(job.job().base());
    long floats =
        (long) sample.size() * (ARRAYS + job.stage().sampler().memory())
            + condition * cells
            + PICTURES * CHANNELS * result.pixels();
    return floats * Float.BYTES;
  }

  /** Bytes of an image of so many pixels in the worst case: one that is denoised as it is. */
  public static long most(long pixels) {
    return (ARRAYS + MOST_MEMORY + 1 + PICTURES) * CHANNELS * pixels * Float.BYTES;
  }
}
