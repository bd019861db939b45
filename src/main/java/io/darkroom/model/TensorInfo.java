package io.darkroom.model;

import java.util.List;

/**
 * An input or output of a network as declared by its file.
 *
 * @param name name in the graph
 * @param type type of the elements
 * @param dimensions sizes, {@link #ANY} for those that the file leaves open; empty for a scalar
 */
public record TensorInfo(String name, ElementType type, List<Long> dimensions) {

  /** A dimension that the file leaves open. */
  public static final long ANY = -1;

  public TensorInfo {
    dimensions = List.copyOf(dimensions);
  }

  /** Returns the number of dimensions; 0 for a scalar. */
  public int rank() {
    return dimensions.size();
  }

  /** Returns the size of a dimension; {@link #ANY} if it is open or does not exist. */
  public long size(int dimension) {
    return dimension < dimensions.size() ? dimensions.get(dimension) : ANY;
  }

  @Override
  public String toString() {
    return name + " " + type + dimensions;
  }
}
