package io.darkroom.diffusion.sampler;

/**
 * Weights of an exponential integrator: the values are interpolated by a polynomial in time, which
 * is integrated against {@code exp(rate * u)} over the step (Hochbruck and Ostermann 2010, section
 * 2.1; Zhang and Chen 2023, eq. 15; Xue et al. 2023, eq. 15).
 */
final class ExponentialWeights {

  private ExponentialWeights() {}

  /**
   * Returns the integral of {@code exp(rate u)} times each basis polynomial over {@code u} from
   * {@code -h} to 0, the end of the step.
   *
   * @param times times of the values relative to the end of the step, the newest first; all
   *     different
   */
  static double[] of(double rate, double h, double... times) {
    double[] moments = moments(rate, h, times.length);
    double[] weights = new double[times.length];
    for (int j = 0; j < times.length; j++) {
      double[] basis = basis(times, j);
      for (int n = 0; n < basis.length; n++) {
        weights[j] += basis[n] * moments[n];
      }
    }
    return weights;
  }

  /** Returns the integrals of {@code exp(rate u) u^n} from {@code -h} to 0, by parts. */
  private static double[] moments(double rate, double h, int count) {
    double[] moments = new double[count];
    moments[0] = -StrictMath.expm1(-rate * h) / rate;
    double edge = StrictMath.exp(-rate * h);
    for (int n = 1; n < count; n++) {
      edge *= -h;
      moments[n] = (-edge - n * moments[n - 1]) / rate;
    }
    return moments;
  }

  /**
   * Returns the coefficients, of increasing powers, of the polynomial that is 1 at {@code times[j]}
   * and 0 at the other times.
   */
  private static double[] basis(double[] times, int j) {
    double[] basis = new double[times.length];
    basis[0] = 1;
    for (int k = 0; k < times.length; k++) {
      if (k == j) {
        continue;
      }
      double scale = 1 / (times[j] - times[k]);
      for (int n = times.length - 1; n >= 0; n--) {
        double lower = n == 0 ? 0 : basis[n - 1];
        basis[n] = (lower - times[k] * basis[n]) * scale;
      }
    }
    return basis;
  }
}
