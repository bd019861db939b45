package io.darkroom.diffusion.sampler;

/**
 * The loops over a sample's elements. Each factor is rounded to float once and the products are
 * added from left to right; simple enough for the compiler to vectorise, nothing is allocated. The
 * first array says how many elements there are.
 */
final class Elements {

  private Elements() {}

  /** {@code x = a x}. */
  static void scale(float[] x, double a) {
    float ofX = (float) a;
    for (int i = 0; i < x.length; i++) {
      x[i] = ofX * x[i];
    }
  }

  /** {@code x = x + b y}. */
  static void add(float[] x, double b, float[] y) {
    float ofY = (float) b;
    for (int i = 0; i < x.length; i++) {
      x[i] += ofY * y[i];
    }
  }

  /** {@code x = a x + b y}. */
  static void combine(float[] x, double a, double b, float[] y) {
    float ofX = (float) a;
    float ofY = (float) b;
    for (int i = 0; i < x.length; i++) {
      x[i] = ofX * x[i] + ofY * y[i];
    }
  }

  /** {@code out = a x + b y}; {@code out} may be one of them. */
  static void combine(float[] out, double a, float[] x, double b, float[] y) {
    float ofX = (float) a;
    float ofY = (float) b;
    for (int i = 0; i < out.length; i++) {
      out[i] = ofX * x[i] + ofY * y[i];
    }
  }

  /** {@code out = x}. */
  static void copy(float[] out, float[] x) {
    System.arraycopy(x, 0, out, 0, out.length);
  }
}
