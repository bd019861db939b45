package io.darkroom.image;

import java.nio.ByteBuffer;
import java.util.List;

/** Elements of NPY files in other orders than C's and little-endian. */
final class NpyOrder {

  private NpyOrder() {}

  /**
   * The elements in C order, little-endian, in a new array.
   *
   * @param elements as the file has them, from its position on
   * @param bytes of an element
   * @param reversed whether the bytes of each are in big-endian order
   * @param fortran whether the first axis runs fastest, not the last
   */
  static ByteBuffer plain(
      ByteBuffer elements, int bytes, List<Integer> shape, boolean reversed, boolean fortran) {
    byte[] out = new byte[elements.remaining()];
    int[] index = new int[shape.size()];
    int[] strides = strides(shape);
    int first = elements.position();
    int from = 0;
    for (int at = 0; at < out.length; at += bytes) {
      int element = fortran ? from : at / bytes;
      for (int b = 0; b < bytes; b++) {
        out[at + b] = elements.get(first + element * bytes + (reversed ? bytes - 1 - b : b));
      }
      from = fortran ? next(index, shape, strides, from) : 0;
    }
    return ByteBuffer.wrap(out);
  }

  /** Places between neighbours along each axis, where the first axis runs fastest. */
  private static int[] strides(List<Integer> shape) {
    int[] strides = new int[shape.size()];
    int stride = 1;
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = stride;
      stride *= shape.get(axis);
    }
    return strides;
  }

  /** Moves the index on by one element of C order; the place of the next one in the file. */
  private static int next(int[] index, List<Integer> shape, int[] strides, int from) {
    int place = from;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      place += strides[axis];
      if (++index[axis] < shape.get(axis)) {
        return place;
      }
      place -= index[axis] * strides[axis];
      index[axis] = 0;
    }
    return place;
  }
}
