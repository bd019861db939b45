package io.darkroom.diffusion.noise;

/**
 * The part of a batch's noise that belongs to one image. The batch draws tensors {@code [images, C,
 * H, W]} from one generator, and image {@code index} gets row {@code index}. Each image has its own
 * generator with the batch's seed and generates the numbers of the whole batch, so images stay
 * independent of one another.
 *
 * <p>The first draw of a size allocates memory. Not thread-safe.
 */
public final class BatchSlice implements NoiseSource {
  private final NoiseSource whole;
  private final int images;
  private final int index;
  private float[] batch = new float[0];

  /**
   * Creates the slice of one image.
   *
   * @param whole generator with the batch's seed, used by this slice only
   * @param images number of images in the batch, 1 or more
   * @param index position of the image, 0 to images - 1
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

  /** Fills {@code out} with a draw of one image's size that all images of the batch share. */
  @Override
  public void fillShared(float[] out) {
    whole.fill(out);
  }

  @Override
  public void fill(Cut cut, float[] out) {
    whole.fill(cut.within(images, index), out);
  }

  @Override
  public void fillShared(Cut cut, float[] out) {
    whole.fill(cut, out);
  }

  @Override
  public void skip(int draws, long size) {
    whole.skip(draws, Math.multiplyExact(images, size));
  }
}
