package io.darkroom.diffusion.noise;

/**
 * One image's part of the draws that a batch makes from one generator: every draw is that of a
 * tensor {@code [images, C, H, W]}, of which image {@code index} gets its row. Each image has a
 * generator of its own with the batch's seed, so that the images stay independent of one another;
 * each makes the whole batch's numbers.
 *
 * <p>Memory is allocated by the first draw of a size. Not safe for use by two threads at once.
 */
public final class BatchSlice implements NoiseSource {
  private final NoiseSource whole;
  private final int images;
  private final int index;
  private float[] batch = new float[0];

  /**
   * The slice of one image.
   *
   * @param whole seeded for the batch, used by this slice alone
   * @param images in the batch, 1 or more
   * @param index of the image, 0 to images - 1
   */
  public BatchSlice(NoiseSource whole, int images, int index) {
    if (index < 0 || index >= images) {
      throw new IllegalArgumentException(
          "index must be 0 to images - 1, is " + index + " of " + images);
    }
    this.whole = whole;
    this.images = images;
    this.index = index;
  }

  @Override
  public void fill(float[] out) {
    int elements = Math.multiplyExact(images, out.length);
    if (batch.length != elements) {
      batch = new float[elements];
    }
    whole.fill(batch);
    System.arraycopy(batch, index * out.length, out, 0, out.length);
  }

  /** A draw of one image's size, which all images have. */
  @Override
  public void fillShared(float[] out) {
    whole.fill(out);
  }

  @Override
  public void skip(int draws, int size) {
    whole.skip(draws, Math.multiplyExact(images, size));
  }
}
