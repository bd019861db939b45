package io.darkroom.render;

/** Bytes that must not be changed, as a component of records. */
public final class Bytes {
  private final byte[] array;

  public Bytes(byte[] array) {
    this.array = array;
  }

  /** The array itself, not a copy: read only. */
  public byte[] array() {
    return array;
  }

  @Override
  public String toString() {
    return array.length + " bytes";
  }
}
