package io.darkroom.diffusion.noise;

/**
 * Transforms pairs of uniform numbers into pairs of normal numbers (Box and Muller 1958) in single
 * precision, with the same bits on every machine. Logarithm, sine and cosine are the polynomials of
 * Moshier's Cephes library with fused multiply-adds, in the order of PyTorch's AVX2 kernel.
 *
 * <p>Factors are written as the shortest decimals of their floats. Loops are short and contain no
 * branches or calls, because the compiler does not vectorise long ones. Scratch arrays are
 * allocated once. Not thread-safe.
 */
final class BoxMuller {

  /** Two pi, to single precision. */
  static final float TWO_PI = 6.2831855f;

  private static final float EIGHT_OVER_TWO_PI = 1.2732395f;
  private static final int ROOT_OF_HALF = 0x3f3504f3;

  /** A number of this size has no fraction: adding and then subtracting it rounds to even. */
  private static final float EVEN = 0x1p23f;

  /** The next number: it rounds ties the other way. */
  private static final float ODD = 0x1p23f + 1;

  /** Rounds numbers of either sign to even. */
  private static final float WHOLE = 0x1.8p23f;

  private static final int BITS_OF_WHOLE = 0x4b400000;

  private final FloatBits bits;
  private final int[] ofMantissas;
  private final int[] ofExponents;
  private final float[] mantissas;
  private final float[] exponents;
  private final float[] octants;
  private final float[] ofCosine;
  private final float[] ofSine;
  private final float[] reduced;
  private final float[] cosines;
  private final float[] sines;

  /** Creates a transform of at most {@code pairs} pairs per call. */
  BoxMuller(int pairs) {
    bits = new FloatBits(pairs);
    ofMantissas = new int[pairs];
    ofExponents = new int[pairs];
    mantissas = new float[pairs];
    exponents = new float[pairs];
    octants = new float[pairs];
    ofCosine = new float[pairs];
    ofSine = new float[pairs];
    reduced = new float[pairs];
    cosines = new float[pairs];
    sines = new float[pairs];
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
    radii(u, pairs);
    turn(angle, pairs);
    choose(pairs);
    reduce(angle, pairs);
    cosines(pairs);
    sines(pairs);
    projectOnSine(u, angle, pairs);
    projectOnCosine(u, pairs);
  }

  /**
   * Splits numbers into the mantissa, between the roots of 1/2 and 2, and the exponent as a whole
   * number.
   */
  private void split(float[] u, int pairs) {
    bits.toInts(u, ofMantissas, pairs);
    for (int i = 0; i < pairs; i++) {
      int exponent = (ofMantissas[i] - ROOT_OF_HALF) >> 23;
      ofExponents[i] = BITS_OF_WHOLE + exponent;
      ofMantissas[i] -= exponent << 23;
    }
    bits.toFloats(ofMantissas, mantissas, pairs);
    bits.toFloats(ofExponents, exponents, pairs);
  }

  private void radii(float[] out, int pairs) {
    for (int i = 0; i < pairs; i++) {
      float m = mantissas[i] - 1;
      float e = exponents[i] - WHOLE;
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

  /**
   * Computes the octants to subtract: twice the nearest quarter turn, with one tie rounded up. Each
   * of the two roundings handles every second tie.
   */
  private void turn(float[] angle, int pairs) {
    for (int i = 0; i < pairs; i++) {
      float quarters = 0.5f * (angle[i] * EIGHT_OVER_TWO_PI);
      float even = quarters + EVEN - EVEN;
      float more = quarters + ODD - ODD - even;
      octants[i] = 2 * even + (more + Math.abs(more));
    }
  }

  /**
   * Computes the weight of the cosine polynomial in the cosine after 0, 1, 2, 3, 4 quarter turns
   * (1, 0, -1, 0, 1), and in the sine (0, -1, 0, 1, 0).
   */
  private void choose(int pairs) {
    for (int i = 0; i < pairs; i++) {
      float halves = 0.25f * octants[i] - 0.25f + WHOLE - WHOLE;
      float odd = 0.5f * octants[i] - 2 * halves;
      float wholes = 0.5f * halves - 0.25f + WHOLE - WHOLE;
      float sign = 1 - 2 * (halves - 2 * wholes);
      ofCosine[i] = (1 - odd) * sign;
      ofSine[i] = -(odd * sign);
    }
  }

  private void reduce(float[] angle, int pairs) {
    for (int i = 0; i < pairs; i++) {
      float x = Math.fma(octants[i], -0.78515625f, angle[i]);
      x = Math.fma(octants[i], -2.4187565e-4f, x);
      reduced[i] = Math.fma(octants[i], -3.774895e-8f, x);
    }
  }

  private void cosines(int pairs) {
    for (int i = 0; i < pairs; i++) {
      float z = reduced[i] * reduced[i];
      float c = Math.fma(2.4433157e-5f, z, -0.0013887316f);
      c = Math.fma(c, z, 0.041666646f) * z;
      cosines[i] = Math.fma(c, z, -(z * 0.5f)) + 1;
    }
  }

  private void sines(int pairs) {
    for (int i = 0; i < pairs; i++) {
      float x = reduced[i];
      float z = x * x;
      float s = Math.fma(-1.9515296e-4f, z, 0.008332161f);
      s = Math.fma(s, z, -0.16666655f) * z;
      sines[i] = Math.fma(s, x, x);
    }
  }

  /**
   * One factor is 0 and the other is 1 or -1, so the sum selects without a branch and without
   * rounding.
   */
  private void projectOnSine(float[] radius, float[] out, int pairs) {
    for (int i = 0; i < pairs; i++) {
      float sine = Math.fma(ofCosine[i], sines[i], -(ofSine[i] * cosines[i]));
      // Adding 0 turns -0 into 0.
      out[i] = radius[i] * sine + 0f;
    }
  }

  private void projectOnCosine(float[] radius, int pairs) {
    for (int i = 0; i < pairs; i++) {
      float cosine = Math.fma(ofCosine[i], cosines[i], ofSine[i] * sines[i]);
      radius[i] = radius[i] * cosine + 0f;
    }
  }
}
