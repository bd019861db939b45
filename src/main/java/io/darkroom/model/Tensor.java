package io.darkroom.model;

/** Numbers with a shape, {@code [C, H, W]}. The array must not be changed. */
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

  /** Returns the array without a copy; read only. */
  public float[] values() {
    return values;
  }

  /** Returns whether no value is NaN or infinity. */
  public boolean isFinite() {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the shape of the values. */
  public Shape shape() {
    return shape;
  }
}
