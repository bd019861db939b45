package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.Layout;
import io.darkroom.model.TensorInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * The names of the dimensions of a sample without the batch. They come from {@code sample_shape} of
 * the configuration, or from the number of dimensions: channels and then no side, a length, height
 * and width, or frames, height and width.
 *
 * @param names in order
 * @param channelSize the number of channels in {@code sample_shape}; 0 if it is not there
 */
record SampleDimensions(List<String> names, int channelSize) {
  private static final String SHAPE = "sample_shape";

  /** Sides by the dimensions of the sample, from [N, C] on. */
  private static final List<List<String>> SIDES =
      List.of(
          List.of(),
          List.of(Layout.LENGTH),
          List.of(Layout.HEIGHT, Layout.WIDTH),
          List.of(Layout.FRAMES, Layout.HEIGHT, Layout.WIDTH));

  SampleDimensions {
    names = List.copyOf(names);
  }

  /**
   * Reads the names.
   *
   * @throws BrokenPackage if the sample has other dimensions
   */
  static SampleDimensions read(String file, Config config, TensorInfo sample) throws BrokenPackage {
    if (config.has(SHAPE)) {
      return listed(config, sample);
    }
    int sides = sample.rank() - 2;
    if (sides < 0 || sides >= SIDES.size()) {
      throw new BrokenPackage(
          file,
          sample.name(),
          "must have 2 to %d dimensions, or names of them in sample_shape of the configuration, is %s"
              .formatted(SIDES.size() + 1, sample));
    }
    List<String> names = new ArrayList<>(List.of(Layout.CHANNELS));
    names.addAll(SIDES.get(sides));
    return new SampleDimensions(names, 0);
  }

  /**
   * Reads {@code sample_shape}: names of sides and integers. An integer in the first place,
   * otherwise one in the last place, is the number of channels; other integers are sides of a fixed
   * size.
   */
  private static SampleDimensions listed(Config config, TensorInfo sample) throws BrokenPackage {
    List<?> shape = config.list(SHAPE);
    int last = shape.size() - 1;
    if (last != sample.rank() - 2) {
      throw config.broken(SHAPE, "must have the dimensions of " + sample + " without the rows");
    }
    boolean first = shape.get(0) instanceof Integer;
    int axis = first ? 0 : shape.get(last) instanceof Integer ? last : -1;
    List<String> names = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      names.add(i == axis ? Layout.CHANNELS : name(i, shape.get(i), sample.size(i + 1), config));
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw config.broken(SHAPE, "must have different names, is " + shape);
    }
    return new SampleDimensions(names, axis < 0 ? 0 : (Integer) shape.get(axis));
  }

  private static String name(int index, Object entry, long size, Config config)
      throws BrokenPackage {
    if (entry instanceof Integer number && number == size) {
      return "side_" + index;
    }
    if (entry instanceof String name && name.matches("[A-Za-z_][A-Za-z0-9_]{0,63}")) {
      return name;
    }
    throw config.broken(
        SHAPE, "must have names of sides, or the fixed sizes of the network, has " + entry);
  }

  /** Returns the names of the sides in order. */
  List<String> sides() {
    return names.stream().filter(name -> !name.equals(Layout.CHANNELS)).toList();
  }

  /** Returns the index of the channels; -1 if there are none. */
  int channelAxis() {
    return names.indexOf(Layout.CHANNELS);
  }
}
