package io.darkroom.render;

/**
 * A sample made small, on its way from the engine to a preview. Belongs to one thread at a time,
 * and is used again.
 */
final class PreviewBuffer {
  private final float[] values;
  private int image;
  private int step;

  /**
   * @param size elements of the small sample
   */
  PreviewBuffer(int size) {
    values = new float[size];
  }

  void of(int ofImage, int ofStep) {
    image = ofImage;
    step = ofStep;
  }

  int image() {
    return image;
  }

  int step() {
    return step;
  }

  /** The small sample itself, not a copy. */
  float[] values() {
    return values;
  }
}
