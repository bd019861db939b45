package io.darkroom.model;

import java.util.List;

/**
 * An input or output of a network as its file declares it.
 *
 * @param name as the graph has it
 * @param type of the elements
 * @param dimensions sizes, {@link #ANY} where the file leaves them open; empty for a scalar
 */
public record TensorInfo(String name, ElementType type, List<Long> dimensions) {

  /** A dimension that the file leaves open. */
  public static final long ANY = -1;

  public TensorInfo {
    dimensions = List.copyOf(dimensions);
  }

  /** The number of dimensions; 0 for a scalar. */
  public int rank() {
    return dimensions.size();
  }

  /** Size of a dimension, {@link #ANY} where it is open or there is no such dimension. */
  public long size(int dimension) {
    return dimension < dimensions.size() ? dimensions.get(dimension) : ANY;
  }

  @Override
  public String toString() {
    return name + " " + type + dimensions;
  }
}
