package io.darkroom.model;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The deep feature that a U-Net joins with a skip connection, {@code [C, H', W']}: everything that
 * the part below the connection contributes to the output.
 *
 * @param channels its channels
 * @param strides cells of the sample per cell of the feature, for each dimension after the channels
 */
public record SkipFeature(int channels, List<Integer> strides) {

  public SkipFeature {
    strides = List.copyOf(strides);
  }

  /** Returns its shape for a sample; sides are rounded up. */
  public Shape of(Shape sample) {
    return new Shape(
        IntStream.rangeClosed(0, strides.size())
            .mapToObj(i -> i == 0 ? channels : side(sample.sizes().get(i), strides.get(i - 1)))
            .toList());
  }

  private static int side(int cells, int stride) {
    return (cells + stride - 1) / stride;
  }
}
