package io.darkroom.model;

/** The element type of a tensor, named as in ONNX. */
public enum ElementType {
  FLOAT,
  FLOAT16,
  DOUBLE,
  BFLOAT16,
  INT64,
  INT32,
  /** Any other type. Networks that need it are not supported. */
  UNKNOWN;

  /** Returns whether an array of float can be passed, unchanged or rounded to float16. */
  public boolean real() {
    return this == FLOAT || this == FLOAT16;
  }

  /** Returns whether it is an integer type. */
  public boolean integer() {
    return this == INT64 || this == INT32;
  }

  /** Returns whether it is a floating-point type. */
  public boolean floating() {
    return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
  }

  /** Returns whether a single number can be passed. */
  public boolean number() {
    return this != BFLOAT16 && this != UNKNOWN;
  }
}
