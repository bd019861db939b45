package io.darkroom.model;

import java.util.List;

/** Pads pictures to sides that a network supports by repeating their edges, and crops results. */
public final class Padding {

  private Padding() {}

  /** Returns the picture with its last row and column repeated up to the given sides. */
  public static float[] extend(float[] values, Shape shape, int height, int width) {
    if (shape.height() == height && shape.width() == width) {
      return values;
    }
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

  /**
   * Returns the first elements of each dimension.
   *
   * @param to the same number of dimensions, each of at most the size of the tensor's
   */
  public static Tensor crop(Tensor tensor, Shape to) {
    if (tensor.shape().equals(to)) {
      return tensor;
    }
    List<Integer> from = tensor.shape().sizes();
    int last = to.sizes().size() - 1;
    int width = to.sizes().get(last);
    float[] out = new float[to.size()];
    for (int row = 0; row < out.length / width; row++) {
      System.arraycopy(
          tensor.values(), row(row, from, to.sizes()) * from.get(last), out, row * width, width);
    }
    return new Tensor(out, to);
  }

  /** Returns the index of a row of the cropped tensor among the rows of the whole one. */
  private static int row(int row, List<Integer> from, List<Integer> to) {
    int index = 0;
    int left = row;
    int stride = 1;
    for (int axis = to.size() - 2; axis >= 0; axis--) {
      index += left % to.get(axis) * stride;
      left /= to.get(axis);
      stride *= from.get(axis);
    }
    return index;
  }
}
