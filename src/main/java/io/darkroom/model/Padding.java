package io.darkroom.model;

/**
 * Pads pictures to sides that a network supports by repeating their edges, and crops the results.
 */
public final class Padding {

  private Padding() {}

  /** Returns the picture with its last row and column repeated up to the given sides. */
  public static float[] extend(float[] values, Shape shape, int height, int width) {
    if (shape.height() == height && shape.width() == width) {
      return values;
    }
    return resized(values, shape, height, width);
  }

  /** Returns the upper left part of the picture. */
  public static Tensor crop(Tensor picture, int height, int width) {
    Shape shape = picture.shape();
    if (shape.height() == height && shape.width() == width) {
      return picture;
    }
    return new Tensor(
        resized(picture.values(), shape, height, width),
        Shape.of(shape.sides(), shape.channels(), height, width));
  }

  private static float[] resized(float[] values, Shape shape, int height, int width) {
    float[] out = new float[shape.channels() * height * width];
    int i = 0;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < height; y++) {
        int row = (c * shape.height() + Math.min(y, shape.height() - 1)) * shape.width();
        for (int x = 0; x < width; x++) {
          out[i++] = values[row + Math.min(x, shape.width() - 1)];
        }
      }
    }
    return out;
  }
}
