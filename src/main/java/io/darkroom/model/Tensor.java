package io.darkroom.model;

/** Numbers with a shape, {@code [C, H, W]}. Immutable by agreement: the array is not written to. */
public final class Tensor {
  private final float[] values;
  private final Shape shape;

  public Tensor(float[] values, Shape shape) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "values: must be " + shape.size() + " for " + shape + ", are " + values.length);
    }
    this.values = values;
    this.shape = shape;
  }

  /** The array itself, not a copy: read only. */
  public float[] values() {
    return values;
  }

  /** What the values mean. */
  public Shape shape() {
    return shape;
  }
}
