package io.darkroom.job;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The size of a picture in pixels, or of another result without its channels.
 *
 * @param width columns of a picture, or the only side of a result, such as the length of a sound
 * @param height rows of a picture; 1 if there is no such side
 * @param outer sides before these two, such as the frames of a film
 */
public record Size(int width, int height, List<Integer> outer) {

  public Size {
    outer = List.copyOf(outer);
    if (width < 1 || height < 1 || outer.stream().anyMatch(side -> side < 1)) {
      throw new IllegalArgumentException(
          "size: must be 1 or more, is " + text(width, height, outer));
    }
  }

  /** Creates a size of at most two sides. */
  public Size(int width, int height) {
    this(width, height, List.of());
  }

  /** Returns the size with width and height multiplied by {@code factor}. */
  public Size times(int factor) {
    return new Size(Math.multiplyExact(width, factor), Math.multiplyExact(height, factor), outer);
  }

  /** Returns the product of all sides, at most {@link Long#MAX_VALUE}. */
  public long pixels() {
    return outer.stream()
        .mapToLong(Integer::longValue)
        .reduce((long) width * height, Size::product);
  }

  /**
   * Returns the product of two numbers, at most {@link Long#MAX_VALUE}.
   *
   * @param first 0 or more
   * @param second 0 or more
   */
  public static long product(long first, long second) {
    return second > 0 && first > Long.MAX_VALUE / second ? Long.MAX_VALUE : first * second;
  }

  @Override
  public String toString() {
    return text(width, height, outer);
  }

  private static String text(int width, int height, List<Integer> outer) {
    return width
        + "x"
        + height
        + outer.stream().map(side -> "x" + side).collect(Collectors.joining());
  }
}
