package io.darkroom.model;

/**
 * The mask of an inpainting request. White pixels, which have at least half of the maximum
 * luminance, are replaced.
 */
public final class Mask {
  private static final double RED = 0.299;
  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;

  private final Tensor picture;

  /**
   * @param picture {@code [3, h, w]} in [-1, 1]
   */
  public Mask(Tensor picture) {
    this.picture = picture;
  }

  /** Returns 1 where the mask is white, else 0, resized by the nearest neighbour. */
  public float[] white(int height, int width) {
    Shape shape = picture.shape();
    float[] cells = new float[height * width];
    for (int y = 0; y < height; y++) {
      int row = (int) ((long) y * shape.height() / height) * shape.width();
      for (int x = 0; x < width; x++) {
        int pixel = row + (int) ((long) x * shape.width() / width);
        cells[y * width + x] = isWhite(pixel) ? 1 : 0;
      }
    }
    return cells;
  }

  /** Returns 1 where the mask is black, else 0, resized by the nearest neighbour. */
  public float[] black(int height, int width) {
    float[] cells = white(height, width);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = 1 - cells[i];
    }
    return cells;
  }

  /**
   * Returns a picture of the same size with 0 where the mask is white.
   *
   * @param other {@code [3, h, w]}
   */
  public Tensor hide(Tensor other) {
    float[] black = black(other.shape().height(), other.shape().width());
    float[] hidden = other.values().clone();
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] *= black[i % black.length];
    }
    return new Tensor(hidden, other.shape());
  }

  private boolean isWhite(int pixel) {
    float[] values = picture.values();
    int plane = values.length / 3;
    double luminance =
        RED * values[pixel] + GREEN * values[plane + pixel] + BLUE * values[2 * plane + pixel];
    return luminance >= 0;
  }
}
