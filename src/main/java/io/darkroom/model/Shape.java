package io.darkroom.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor's shape without the batch: channels first, then sides, e.g. {@code [C, H, W]} of a
 * picture, {@code [C, L]} of a sound, {@code [C, F, H, W]} of a film.
 *
 * @param sizes one or more, each 1 or more
 */
public record Shape(List<Integer> sizes) {
  private static final int PICTURE = 3;

  public Shape {
    sizes = List.copyOf(sizes);
    if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("shape: sizes must be 1 or more, are " + sizes);
    }
  }

  /** A shape of these sizes. */
  public Shape(int... sizes) {
    this(Arrays.stream(sizes).boxed().toList());
  }

  /** The first size. */
  public int channels() {
    return sizes.get(0);
  }

  /** Rows of a picture. */
  public int height() {
    return picture().get(PICTURE - 2);
  }

  /** Columns of a picture. */
  public int width() {
    return picture().get(PICTURE - 1);
  }

  /** Elements of one sample. */
  public int size() {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }

  private List<Integer> picture() {
    if (sizes.size() != PICTURE) {
      throw new IllegalStateException("shape: must be [C, H, W], is " + sizes);
    }
    return sizes;
  }

  @Override
  public String toString() {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
