package io.darkroom.render;

/** Bytes that nobody changes, by agreement; so that a record can hold them. */
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
