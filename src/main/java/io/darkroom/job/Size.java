package io.darkroom.job;

/** A picture's size in pixels, both 1 or more. */
public record Size(int width, int height) {

  public Size {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("size: must be 1 or more, is " + width + "x" + height);
    }
  }

  /** Returns the size with both sides multiplied by {@code factor}. */
  public Size times(int factor) {
    return new Size(Math.multiplyExact(width, factor), Math.multiplyExact(height, factor));
  }

  /** Returns width times height. */
  public long pixels() {
    return (long) width * height;
  }

  @Override
  public String toString() {
    return width + "x" + height;
  }
}
