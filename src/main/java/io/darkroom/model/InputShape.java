package io.darkroom.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The dimensions of a tensor that a request gives to a network, without the rows.
 *
 * @param axes in order
 */
public record InputShape(List<Axis> axes) {
  /** Key of the inputs in the configuration of a network. */
  public static final String KEY = "inputs";

  private static final Pattern NAME = Pattern.compile("([A-Za-z_]\\w*)(?:\\s*/\\s*(\\w+))?");

  public InputShape {
    axes = List.copyOf(axes);
  }

  /**
   * One dimension.
   *
   * @param size its size; 0 if it is not fixed
   * @param side side of the sample from which its size follows; empty if it is fixed or open
   * @param divisor elements of the side for each element of this dimension
   */
  public record Axis(long size, String side, int divisor) {
    /** A dimension of any size. */
    static final Axis OPEN = new Axis(0, "", 1);

    /** Returns whether its size is neither fixed nor that of a side. */
    public boolean open() {
      return size == 0 && side.isEmpty();
    }

    @Override
    public String toString() {
      return size > 0
          ? String.valueOf(size)
          : open() ? "any" : side + (divisor > 1 ? " / " + divisor : "");
    }
  }

  /**
   * Reads the dimensions of an input.
   *
   * @param input the network's input
   * @param written dimensions as the configuration has them: a number, the name of a side, or the
   *     name divided by a number or by a key of the configuration; empty = as the network has them
   * @param config the network's configuration
   * @throws BrokenPackage if they do not fit the network's input
   */
  public static InputShape read(TensorInfo input, Optional<List<?>> written, Config config)
      throws BrokenPackage {
    List<?> entries = written.orElse(List.of());
    if (written.isPresent() && entries.size() != input.rank() - 1) {
      throw config.broken(
          KEY,
          "%s: must have %d dimensions as in the network, has %s"
              .formatted(input.name(), input.rank() - 1, entries));
    }
    List<Axis> axes = new ArrayList<>();
    for (int axis = 1; axis < input.rank(); axis++) {
      long fixed = Math.max(0, input.size(axis));
      axes.add(
          written.isEmpty()
              ? (fixed > 0 ? new Axis(fixed, "", 1) : Axis.OPEN)
              : axis(entries.get(axis - 1), fixed, input, config));
    }
    return new InputShape(axes);
  }

  private static Axis axis(Object entry, long fixed, TensorInfo input, Config config)
      throws BrokenPackage {
    if (entry instanceof Integer size && size > 0 && (fixed == 0 || fixed == size)) {
      return new Axis(size, "", 1);
    }
    if (fixed == 0 && entry instanceof String text) {
      Matcher name = NAME.matcher(text.strip());
      if (name.matches()) {
        return new Axis(0, name.group(1), divisor(name.group(2), config));
      }
    }
    throw config.broken(
        KEY,
        "%s: must be positive sizes, or names of sides for open dimensions, is %s for %s"
            .formatted(input.name(), entry, input));
  }

  private static int divisor(@Nullable String text, Config config) throws BrokenPackage {
    if (text == null) {
      return 1;
    }
    return text.matches("[1-9]\\d{0,8}") ? Integer.parseInt(text) : config.positive(text);
  }

  /**
   * Returns the sizes for samples of a shape; {@link TensorInfo#ANY} for open dimensions.
   *
   * @param layout dimensions of the samples
   */
  public List<Long> sizes(Layout layout, Shape sample) {
    List<Long> sizes = new ArrayList<>();
    for (Axis axis : axes) {
      sizes.add(
          axis.open()
              ? TensorInfo.ANY
              : axis.size() > 0 ? axis.size() : layout.of(sample, axis.side()) / axis.divisor());
    }
    return sizes;
  }

  /** Returns whether the dimensions are these sides, in order. */
  public boolean isOf(List<Layout.Dimension> sides) {
    return axes.equals(sides.stream().map(side -> new Axis(0, side.name(), 1)).toList());
  }

  @Override
  public String toString() {
    return axes.stream().map(Axis::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
