package io.darkroom.diffusion.noise;

import java.util.ArrayList;
import java.util.List;

/**
 * The draws of a batch whose images share one generator, each computed once for all images. All
 * draws are kept, so that an image can start after others have ended. Every image must draw the
 * same sizes in the same order, as the images of a batch do. Safe for use by any thread.
 */
public final class BatchDraws {
  private final NoiseSource whole;
  private final int images;
  private final List<float[]> draws = new ArrayList<>();

  /**
   * Creates the draws of a batch.
   *
   * @param whole generator with the batch's seed, used by this object only
   * @param images number of images in the batch, 1 or more
   */
  public BatchDraws(NoiseSource whole, int images) {
    this.whole = whole;
    this.images = images;
  }

  /** Returns the noise of the image at a position, from the first draw on. */
  public NoiseSource slice(int index) {
    if (index < 0 || index >= images) {
      throw new IllegalArgumentException(
          "index must be 0 to images - 1, is " + index + " of " + images);
    }
    return new Slice(index);
  }

  /** Returns a draw, which is computed with those before it if it is new. */
  private synchronized float[] draw(int number, long size) {
    while (draws.size() <= number) {
      float[] next = new float[Math.toIntExact(size)];
      whole.fill(next);
      draws.add(next);
    }
    float[] draw = draws.get(number);
    if (draw.length != size) {
      throw new IllegalStateException(
          "draw " + number + ": must have " + draw.length + " numbers for all images, not " + size);
    }
    return draw;
  }

  /** The noise of one image. */
  private final class Slice implements NoiseSource {
    private final int index;
    private int next;

    Slice(int index) {
      this.index = index;
    }

    @Override
    public void fill(float[] out) {
      float[] draw = draw(next++, (long) images * out.length);
      System.arraycopy(draw, index * out.length, out, 0, out.length);
    }

    @Override
    public void fillShared(float[] out) {
      System.arraycopy(draw(next++, out.length), 0, out, 0, out.length);
    }

    @Override
    public void skip(int count, long size) {
      for (int i = 0; i < count; i++) {
        draw(next++, images * size);
      }
    }
  }
}
