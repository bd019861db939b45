package io.darkroom.render;

/** An array of bytes that must not be changed, for use as a component of records. */
public final class Bytes {
  private final byte[] array;

  public Bytes(byte[] array) {
    this.array = array;
  }

  /** Returns the array itself, not a copy. Do not change it. */
  public byte[] array() {
    return array;
  }

  @Override
  public String toString() {
    return array.length + " bytes";
  }
}
