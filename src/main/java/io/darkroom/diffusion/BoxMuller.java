package io.darkroom.diffusion;

/**
 * Pairs of uniform numbers into pairs of normal numbers (Box and Muller 1958) in single precision,
 * the same bits on every machine: logarithm, sine and cosine are the polynomials of Moshier's
 * Cephes library with fused multiply-adds, in the order in which PyTorch's AVX2 kernel takes them.
 *
 * <p>Factors are written as the shortest decimals of their floats. The loops have neither branches
 * nor calls; what cannot be a vector instruction (exponents, octants) is done beforehand. Scratch
 * arrays are allocated once. Not safe for use by two threads at once.
 */
final class BoxMuller {

  /** Two pi, to single precision. */
  static final float TWO_PI = 6.2831855f;

  private static final float EIGHT_OVER_TWO_PI = 1.2732395f;
  private static final int ROOT_OF_HALF = 0x3f3504f3;

  /** Per quarter turn: how much of the cosine polynomial is in the cosine, and of the sine's. */
  private static final float[] COSINE_OF_COSINE = {1, 0, -1, 0, 1};

  private static final float[] COSINE_OF_SINE = {0, -1, 0, 1, 0};

  private final float[] mantissas;
  private final float[] exponents;
  private final float[] octants;
  private final float[] ofCosine;
  private final float[] ofSine;

  /** For at most so many pairs at a time. */
  BoxMuller(int pairs) {
    mantissas = new float[pairs];
    exponents = new float[pairs];
    octants = new float[pairs];
    ofCosine = new float[pairs];
    ofSine = new float[pairs];
  }

  /**
   * Writes {@code sqrt(-2 ln u) cos(angle)} over {@code u} and {@code sqrt(-2 ln u) sin(angle)}
   * over {@code angle}.
   *
   * @param u above 0, at most 1
   * @param angle 0 to two pi
   */
  void transform(float[] u, float[] angle, int pairs) {
    split(u, pairs);
    turn(angle, pairs);
    radii(u, pairs);
    project(u, angle, pairs);
  }

  private void split(float[] u, int pairs) {
    for (int i = 0; i < pairs; i++) {
      int bits = Float.floatToRawIntBits(u[i]);
      int exponent = (bits - ROOT_OF_HALF) >> 23;
      mantissas[i] = Float.intBitsToFloat(bits - (exponent << 23)) - 1;
      exponents[i] = exponent;
    }
  }

  private void turn(float[] angle, int pairs) {
    for (int i = 0; i < pairs; i++) {
      int quarter = ((int) (angle[i] * EIGHT_OVER_TWO_PI) + 1) >> 1;
      octants[i] = 2 * quarter;
      ofCosine[i] = COSINE_OF_COSINE[quarter];
      ofSine[i] = COSINE_OF_SINE[quarter];
    }
  }

  private void radii(float[] out, int pairs) {
    for (int i = 0; i < pairs; i++) {
      float m = mantissas[i];
      float e = exponents[i];
      float z = m * m;
      float y = Math.fma(0.070376836f, m, -0.1151461f);
      y = Math.fma(y, m, 0.116769984f);
      y = Math.fma(y, m, -0.12420141f);
      y = Math.fma(y, m, 0.14249323f);
      y = Math.fma(y, m, -0.16668057f);
      y = Math.fma(y, m, 0.20000714f);
      y = Math.fma(y, m, -0.24999994f);
      y = Math.fma(y, m, 0.3333333f);
      y = Math.fma(y * m, z, e * -2.1219444e-4f);
      y = Math.fma(z, -0.5f, y);
      float log = Math.fma(e, 0.6933594f, m + y);
      out[i] = (float) Math.sqrt(-2 * log);
    }
  }

  private void project(float[] radius, float[] angle, int pairs) {
    for (int i = 0; i < pairs; i++) {
      float x = Math.fma(octants[i], -0.78515625f, angle[i]);
      x = Math.fma(octants[i], -2.4187565e-4f, x);
      x = Math.fma(octants[i], -3.774895e-8f, x);
      float z = x * x;
      float c = Math.fma(2.4433157e-5f, z, -0.0013887316f);
      c = Math.fma(c, z, 0.041666646f) * z;
      c = Math.fma(c, z, -(z * 0.5f)) + 1;
      float s = Math.fma(-1.9515296e-4f, z, 0.008332161f);
      s = Math.fma(s, z, -0.16666655f) * z;
      s = Math.fma(s, x, x);
      // One factor is 0, the other 1 or -1: a choice that needs no branch and loses no bit.
      float cosine = Math.fma(ofCosine[i], c, ofSine[i] * s);
      float sine = Math.fma(ofCosine[i], s, -(ofSine[i] * c));
      float r = radius[i];
      // Adding 0 turns -0 into 0.
      radius[i] = r * cosine + 0f;
      angle[i] = r * sine + 0f;
    }
  }
}
