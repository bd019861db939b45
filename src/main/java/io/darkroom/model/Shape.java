package io.darkroom.model;

import io.darkroom.job.Size;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The shape of a tensor without the batch, e.g. {@code [C, H, W]} of a picture, {@code [C, L]} of a
 * sound, {@code [C, F, H, W]} of a film, {@code [atoms, C]} of a set.
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

  /** Creates a shape of these sizes. */
  public Shape(int... sizes) {
    this(Arrays.stream(sizes).boxed().toList());
  }

  /** Returns the first size. */
  public int channels() {
    return sizes.get(0);
  }

  /** Returns the number of dimensions after the channels. */
  public int sides() {
    return sizes.size() - 1;
  }

  /** Returns the rows of a picture; 1 if there is at most one dimension after the channels. */
  public int height() {
    return sides() < 2 ? 1 : picture().get(PICTURE - 2);
  }

  /** Returns the columns of a picture, or the length of a sound; 1 if there are only channels. */
  public int width() {
    return sides() == 0 ? 1 : sides() == 1 ? sizes.get(1) : picture().get(PICTURE - 1);
  }

  /** Returns the number of elements. */
  public int size() {
    return sizes.stream().reduce(1, Math::multiplyExact);
  }

  /** Returns the number of elements, which no array may be able to hold. */
  public long elements() {
    return sizes.stream().mapToLong(Integer::longValue).reduce(1, Size::product);
  }

  /** Returns the shape with the smaller size of each dimension. */
  public Shape atMost(Shape other) {
    return new Shape(
        IntStream.range(0, sizes.size())
            .mapToObj(i -> Math.min(sizes.get(i), other.sizes.get(i)))
            .toList());
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
