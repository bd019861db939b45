package io.darkroom.diffusion.noise;

/**
 * A rectangle of every plane of a draw: the part of a picture's noise that belongs to a tile. The
 * draw is a sequence of elements that contains {@code [planes, height, width]} at an offset.
 *
 * @param size elements of the whole draw
 * @param offset index of the first plane's first element
 * @param planes number of planes of the picture
 * @param height rows of a plane
 * @param width columns of a plane
 * @param top first row of the rectangle
 * @param left first column of the rectangle
 * @param rows rows of the rectangle
 * @param columns columns of the rectangle
 */
public record Cut(
    long size,
    long offset,
    int planes,
    int height,
    int width,
    int top,
    int left,
    int rows,
    int columns) {

  public Cut {
    boolean inside = top >= 0 && left >= 0 && rows > 0 && columns > 0 && top + rows <= height;
    if (!inside || left + columns > width || offset < 0) {
      throw new IllegalArgumentException(
          "rectangle: must be within %d x %d, is %d x %d at %d, %d"
              .formatted(height, width, rows, columns, top, left));
    }
    if (offset + (long) planes * height * width > size) {
      throw new IllegalArgumentException("size: must hold the planes, is " + size);
    }
  }

  /** Creates a rectangle of a draw {@code [planes, height, width]}. */
  public static Cut of(
      int planes, int height, int width, int top, int left, int rows, int columns) {
    long size = (long) planes * height * width;
    return new Cut(size, 0, planes, height, width, top, left, rows, columns);
  }

  /** Returns the same rectangle in one image of a batch's draw. */
  Cut within(int images, int index) {
    return new Cut(
        images * size, offset + index * size, planes, height, width, top, left, rows, columns);
  }

  /** Returns the elements of the rectangle, over all planes. */
  public int elements() {
    return Math.multiplyExact(planes, Math.multiplyExact(rows, columns));
  }

  /**
   * Returns the index in the draw at which a row of the rectangle begins; rows are counted over all
   * planes.
   */
  long begin(int row) {
    long plane = (long) row / rows * height;
    return offset + (plane + top + row % rows) * width + left;
  }

  /** Returns the rows of the rectangle, over all planes. */
  int allRows() {
    return planes * rows;
  }

  /**
   * Copies those of the given consecutive elements of the draw that lie in the rectangle.
   *
   * @param from index in the draw of the first element
   * @param count number of elements
   * @param out {@code [planes, rows, columns]}
   */
  void take(long from, float[] values, int count, float[] out) {
    for (int row = firstRow(from); row < allRows(); row++) {
      long begin = begin(row);
      if (begin >= from + count) {
        return;
      }
      long first = Math.max(begin, from);
      long end = Math.min(begin + columns, from + count);
      if (first < end) {
        int to = (int) (row * (long) columns + first - begin);
        System.arraycopy(values, (int) (first - from), out, to, (int) (end - first));
      }
    }
  }

  /**
   * Returns whether any of {@code count} consecutive elements of the draw lies in the rectangle.
   */
  boolean touches(long from, int count) {
    int row = firstRow(from);
    return row < allRows() && begin(row) < from + count;
  }

  /** Returns the first row of the rectangle that does not end before an index of the draw. */
  private int firstRow(long from) {
    if (from <= offset) {
      return 0;
    }
    long line = (from - offset) / width;
    int plane = (int) Math.min(line / height, planes);
    if (plane == planes) {
      return allRows();
    }
    int inside = (int) Math.max(0, Math.min(line % height - top, rows));
    int row = plane * rows + inside;
    return row < allRows() && begin(row) + columns <= from ? row + 1 : row;
  }
}
