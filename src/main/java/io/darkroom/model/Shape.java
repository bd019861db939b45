package io.darkroom.model;

/** A sample's shape without the batch, {@code [C, H, W]}. */
public record Shape(int channels, int height, int width) {

  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "shape: sides must be 1 or more, are " + channels + ", " + height + ", " + width);
    }
  }

  /** Elements of one sample. */
  public int size() {
    return Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
