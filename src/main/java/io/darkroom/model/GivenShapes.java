package io.darkroom.model;

import io.darkroom.job.Violations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares the shapes of a request's tensors with the inputs of a network and with one another. */
public final class GivenShapes {
  private final int images;
  private final Violations violations;
  private final Map<String, Integer> sides = new HashMap<>();
  private int open;
  private boolean perImage;

  /**
   * Creates a comparison without tensors.
   *
   * @param images number of images of the request
   * @param violations receives violations
   */
  public GivenShapes(int images, Violations violations) {
    this.images = images;
    this.violations = violations;
  }

  /** Adds a tensor, and a violation if it does not fit. */
  public void add(String pointer, InputShape wanted, Shape shape) {
    List<Integer> sizes = shape.sizes();
    if (sizes.size() != wanted.axes().size() + 1) {
      violations.add(
          pointer, "must have the rows and then the dimensions %s, is %s".formatted(wanted, sizes));
      return;
    }
    int count = sizes.get(0);
    violations.check(
        count == 1 || count == images,
        pointer,
        () -> "must have one row, or one for each of %d images, has %d".formatted(images, count));
    perImage |= count > 1;
    for (int i = 1; i < sizes.size(); i++) {
      add(pointer, wanted, wanted.axes().get(i - 1), sizes, sizes.get(i));
    }
  }

  private void add(
      String pointer, InputShape wanted, InputShape.Axis axis, List<Integer> sizes, int size) {
    if (axis.size() > 0) {
      violations.check(
          size == axis.size(),
          pointer,
          () -> "must have the dimensions %s after the rows, is %s".formatted(wanted, sizes));
    } else if (axis.open()) {
      int before = open == 0 ? size : open;
      violations.check(
          size == before,
          pointer,
          () -> "open dimensions must have one size, %d, is %s".formatted(before, sizes));
      open = size;
    } else {
      long side = (long) size * axis.divisor();
      int whole = (int) Math.min(Integer.MAX_VALUE, side);
      int before = sides.getOrDefault(axis.side(), whole);
      violations.check(
          side == before,
          pointer,
          () ->
              "must give the same %s as the other tensors, %d, gives %d"
                  .formatted(axis.side(), before, side));
      sides.put(axis.side(), whole);
    }
  }

  /** Returns whether a tensor has a row for each of several images. */
  public boolean perImage() {
    return perImage;
  }

  /** Returns the size of open dimensions; 0 if there are none. */
  public int open() {
    return open;
  }

  /** Returns the sizes of the sides that the tensors determine, by name. */
  public Map<String, Integer> sides() {
    return Map.copyOf(sides);
  }
}
