package io.darkroom.image;

/**
 * Shrinks pictures: each element of the small picture is the mean of a square block of the large
 * one; blocks at the edges are cut.
 *
 * @param channels channels of both pictures
 * @param height rows of a channel of the large picture
 * @param width elements of a row of the large picture
 * @param rows rows of the large picture to use, from the top
 * @param columns columns of the large picture to use, from the left
 * @param factor elements per side of a block, 1 or more
 */
public record BlockMeans(int channels, int height, int width, int rows, int columns, int factor) {

  public BlockMeans {
    if (channels < 1 || rows < 1 || rows > height || columns < 1 || columns > width || factor < 1) {
      throw new IllegalArgumentException(
          "a part of an image must lie in it: %d x %d of %d x %d x %d by %d"
              .formatted(rows, columns, channels, height, width, factor));
    }
  }

  /**
   * Returns a copy with the smallest factor for which neither side is longer than {@code
   * longestSide}.
   */
  public BlockMeans withLongestSide(int longestSide) {
    int longest = Math.max(rows, columns);
    return new BlockMeans(
        channels, height, width, rows, columns, (longest + longestSide - 1) / longestSide);
  }

  /** Returns the rows of the small picture. */
  public int smallHeight() {
    return (rows + factor - 1) / factor;
  }

  /** Returns the columns of the small picture. */
  public int smallWidth() {
    return (columns + factor - 1) / factor;
  }

  /** Returns the elements of the small picture, all channels together. */
  public int smallSize() {
    return channels * smallHeight() * smallWidth();
  }

  /**
   * Writes the small picture; allocates nothing.
   *
   * @param from {@code [channels, height, width]}; further elements are ignored
   * @param to {@code [channels, smallHeight, smallWidth]}
   */
  public void shrink(float[] from, float[] to) {
    shrink(from, 0, to);
  }

  /**
   * Writes the small picture of a part that begins after {@code offset} elements; allocates
   * nothing.
   */
  public void shrink(float[] from, int offset, float[] to) {
    int next = 0;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < rows; y += factor) {
        int row = offset + (c * height + y) * width;
        if (factor == 1) {
          System.arraycopy(from, row, to, next, columns);
          next += columns;
          continue;
        }
        int high = Math.min(factor, rows - y);
        for (int x = 0; x < columns; x += factor) {
          to[next++] = mean(from, row + x, high, Math.min(factor, columns - x));
        }
      }
    }
  }

  private float mean(float[] from, int corner, int high, int wide) {
    float sum = 0;
    for (int y = 0; y < high; y++) {
      int row = corner + y * width;
      for (int x = 0; x < wide; x++) {
        sum += from[row + x];
      }
    }
    return sum / (high * wide);
  }
}
