package io.darkroom.diffusion.sampler;

/**
 * Loops over a sample's elements. Each factor is rounded to float once and products are added from
 * left to right. The loops are simple enough to be vectorised and allocate nothing. The length of
 * the first array is the number of elements.
 */
final class Elements {

  private Elements() {}

  /** Computes {@code x = a x}. */
  static void scale(float[] x, double a) {
    float ofX = (float) a;
    for (int i = 0; i < x.length; i++) {
      x[i] = ofX * x[i];
    }
  }

  /** Computes {@code x = x + b y}. */
  static void add(float[] x, double b, float[] y) {
    float ofY = (float) b;
    for (int i = 0; i < x.length; i++) {
      x[i] += ofY * y[i];
    }
  }

  /** Computes {@code x = a x + b y}. */
  static void combine(float[] x, double a, double b, float[] y) {
    float ofX = (float) a;
    float ofY = (float) b;
    for (int i = 0; i < x.length; i++) {
      x[i] = ofX * x[i] + ofY * y[i];
    }
  }

  /** Computes {@code out = a x + b y}; {@code out} may be {@code x} or {@code y}. */
  static void combine(float[] out, double a, float[] x, double b, float[] y) {
    float ofX = (float) a;
    float ofY = (float) b;
    for (int i = 0; i < out.length; i++) {
      out[i] = ofX * x[i] + ofY * y[i];
    }
  }

  /** Computes {@code out = x}. */
  static void copy(float[] out, float[] x) {
    System.arraycopy(x, 0, out, 0, out.length);
  }
}
