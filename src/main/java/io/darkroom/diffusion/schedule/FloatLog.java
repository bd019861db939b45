package io.darkroom.diffusion.schedule;

/**
 * Natural logarithms in single precision, with the bits of numpy's loop for AVX2 and AVX-512: the
 * mantissa between the roots of 1/2 and 2, a quotient of two polynomials with fused multiply-adds,
 * and the exponent. Schedulers compute the network's timesteps with such logarithms and truncate
 * them, so a single bit can change a timestep.
 */
final class FloatLog {
  private static final float ROOT_OF_HALF = 0.70710677f;
  private static final float LN_2 = 0.6931472f;
  private static final float[] ABOVE = {
    0.02589979f, 0.38088378f, 1.4800006f, 2.1126776f, 1, 0,
  };
  private static final float[] BELOW = {
    0.0058750953f, 0.15464763f, 0.9864943f, 2.453006f, 2.6126776f, 1,
  };

  private FloatLog() {}

  /**
   * Returns the logarithm.
   *
   * @param x above 0, finite, not subnormal
   */
  static float of(float x) {
    int exponent = Math.getExponent(x) + 1;
    float mantissa = Math.scalb(x, -exponent);
    if (mantissa <= ROOT_OF_HALF) {
      mantissa += mantissa;
      exponent--;
    }
    float rest = mantissa - 1;
    return Math.fma(exponent, LN_2, polynomial(ABOVE, rest) / polynomial(BELOW, rest));
  }

  private static float polynomial(float[] factors, float x) {
    float sum = factors[0];
    for (int i = 1; i < factors.length; i++) {
      sum = Math.fma(sum, x, factors[i]);
    }
    return sum;
  }
}
