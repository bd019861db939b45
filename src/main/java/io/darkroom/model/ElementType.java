package io.darkroom.model;

/** The type of a tensor's elements, by ONNX's names. */
public enum ElementType {
  FLOAT,
  FLOAT16,
  DOUBLE,
  BFLOAT16,
  INT64,
  INT32,
  /** Any other type; no network that needs it can be run. */
  UNKNOWN;

  /** Whether arrays of float can be passed: as they are, or rounded to float16. */
  public boolean real() {
    return this == FLOAT || this == FLOAT16;
  }

  /** Whether it is a floating-point type. */
  public boolean floating() {
    return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
  }

  /** Whether a single number can be passed. */
  public boolean number() {
    return this != BFLOAT16 && this != UNKNOWN;
  }
}
