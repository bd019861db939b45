package io.darkroom.model;

import io.darkroom.job.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The named dimensions of a network's samples in their order, without the batch. All dimensions
 * except the channels are sides; requests set the sizes of open sides.
 *
 * <p>A {@link Size} has the last side as its width, the one before as its height, and the sides
 * before these as its outer sides.
 *
 * @param dimensions one or more
 */
public record Layout(List<Dimension> dimensions) {
  /** Name of the channels. */
  public static final String CHANNELS = "channels";

  /** Name of the frames of a film. */
  public static final String FRAMES = "num_frames";

  /** Name of the rows of a picture. */
  public static final String HEIGHT = "height";

  /** Name of the columns of a picture. */
  public static final String WIDTH = "width";

  /** Name of the length of a sound. */
  public static final String LENGTH = "sample_size";

  public Layout {
    dimensions = List.copyOf(dimensions);
  }

  /**
   * One dimension.
   *
   * @param name name in configurations and requests
   * @param size default size in cells
   * @param open whether the network supports other sizes
   * @param multiple sizes must be multiples of it
   * @param most maximum size in cells
   */
  public record Dimension(String name, int size, boolean open, int multiple, int most) {

    /** Creates a dimension of fixed size. */
    public static Dimension fixed(String name, int size) {
      return new Dimension(name, size, false, 1, size);
    }

    /** Returns a copy with other rules for its sizes. */
    public Dimension with(boolean open, int multiple, int most) {
      return new Dimension(name, size, open, multiple, most);
    }

    /** Returns whether it is the channels. */
    boolean isChannels() {
      return name.equals(CHANNELS);
    }
  }

  /** Creates the layout of pictures, {@code [C, H, W]}. */
  public static Layout picture(int channels, int height, int width, int multiple, boolean open) {
    return new Layout(
        List.of(
            Dimension.fixed(CHANNELS, channels),
            new Dimension(HEIGHT, height, open, multiple, Integer.MAX_VALUE),
            new Dimension(WIDTH, width, open, multiple, Integer.MAX_VALUE)));
  }

  /** Returns the index of the channels; -1 if there are none. */
  public int channelAxis() {
    return IntStream.range(0, dimensions.size())
        .filter(axis -> dimensions.get(axis).isChannels())
        .findFirst()
        .orElse(-1);
  }

  /** Returns the number of channels; 1 if there is no such dimension. */
  public int channels() {
    int axis = channelAxis();
    return axis < 0 ? 1 : dimensions.get(axis).size();
  }

  /** Returns whether a name is that of the rows or columns of a picture. */
  public static boolean isOfPicture(String name) {
    return name.equals(HEIGHT) || name.equals(WIDTH);
  }

  /** Returns the dimensions other than the channels, in order. */
  public List<Dimension> sides() {
    return dimensions.stream().filter(each -> !each.isChannels()).toList();
  }

  /** Returns a side by its name. */
  public Optional<Dimension> side(String name) {
    return sides().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** Returns whether there are sides, and other sizes than the defaults are supported on all. */
  public boolean open() {
    return !sides().isEmpty() && sides().stream().allMatch(Dimension::open);
  }

  /** Returns the largest number of which a side must be a multiple. */
  public int multiple() {
    return sides().stream().mapToInt(Dimension::multiple).max().orElse(1);
  }

  /** Returns the default size in cells. */
  public Size standard() {
    return size(Dimension::size);
  }

  /** Returns a size with a number for each side. */
  public Size size(ToIntFunction<Dimension> ofSide) {
    List<Integer> sizes = new ArrayList<>();
    sides().forEach(side -> sizes.add(ofSide.applyAsInt(side)));
    int count = sizes.size();
    return new Size(
        count < 1 ? 1 : sizes.get(count - 1),
        count < 2 ? 1 : sizes.get(count - 2),
        sizes.subList(0, Math.max(0, count - 2)));
  }

  /** Returns a size with other numbers for the named sides. */
  public Size with(Size size, Map<String, Integer> others) {
    return size(side -> others.getOrDefault(side.name(), of(size, side.name())));
  }

  /** Returns a copy with other sides. */
  public Layout with(UnaryOperator<Dimension> sides) {
    return new Layout(
        dimensions.stream().map(each -> each.isChannels() ? each : sides.apply(each)).toList());
  }

  /** Returns the sizes of the sides of a sample. */
  public Size sizeOf(Shape sample) {
    return size(side -> of(sample, side.name()));
  }

  /** Returns the number that a shape of a sample has for a side. */
  public int of(Shape sample, String name) {
    List<String> names = dimensions.stream().map(Dimension::name).toList();
    return sample.sizes().get(names.indexOf(name));
  }

  /** Returns the number that a size has for a side. */
  public int of(Size size, String name) {
    List<String> names = sides().stream().map(Dimension::name).toList();
    int fromLast = names.size() - 1 - names.indexOf(name);
    return switch (fromLast) {
      case 0 -> size.width();
      case 1 -> size.height();
      default -> size.outer().get(names.indexOf(name));
    };
  }

  /** Returns the shape of a sample or a result, with the channels of the sample. */
  public Shape shape(Size size) {
    return new Shape(
        dimensions.stream()
            .map(each -> each.isChannels() ? each.size() : of(size, each.name()))
            .toList());
  }

  /** Returns the shape of a sample: sides are rounded up to multiples that the network supports. */
  public Shape sample(Size cells) {
    return shape(
        size(
            side -> {
              int parts = (of(cells, side.name()) + side.multiple() - 1) / side.multiple();
              return parts * side.multiple();
            }));
  }

  /** Returns the number of consecutive elements of a channel in a sample. */
  public int stride(Shape shape) {
    return shape.sizes().stream().skip(channelAxis() + 1L).reduce(1, Math::multiplyExact);
  }

  /**
   * Returns a copy in which each element is multiplied by the mask's value at its position.
   *
   * @param mask a value for each element of a channel
   */
  public Tensor masked(Tensor tensor, float[] mask) {
    int stride = stride(tensor.shape());
    int channels = channels();
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= mask[i / (channels * stride) * stride + i % stride];
    }
    return new Tensor(values, tensor.shape());
  }
}
