package io.darkroom.diffusion.schedule;

/** Quantiles of the symmetric Beta distribution, whose two parameters are equal. */
final class BetaDistribution {
  private static final double TINY = 1e-300;
  private static final int TERMS = 200;
  private static final int HALVINGS = 100;

  private BetaDistribution() {}

  /**
   * Returns the quantile of the distribution for a fraction {@code p}.
   *
   * @param p 0 to 1
   * @param shape both parameters, above 0
   */
  static double quantile(double p, double shape) {
    if (p <= 0 || p >= 1 || p == 0.5) {
      return Math.max(0, Math.min(1, p));
    }
    if (p > 0.5) {
      return 1 - quantile(1 - p, shape);
    }
    double low = 0;
    double high = 0.5;
    double half = cumulative(0.5, shape);
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (cumulative(middle, shape) < 2 * p * half) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /**
   * Returns the integral of {@code (t (1 - t))^(shape - 1)} from 0 to {@code x}, by Lentz's
   * continued fraction (Abramowitz and Stegun 26.5.8).
   */
  private static double cumulative(double x, double shape) {
    double c = 1;
    double d = 1 / atLeastTiny(1 - 2 * shape * x / (shape + 1));
    double fraction = d;
    for (int m = 1; m <= TERMS; m++) {
      double even = m * (shape - m) * x / ((shape + 2 * m - 1) * (shape + 2 * m));
      d = 1 / atLeastTiny(1 + even * d);
      c = atLeastTiny(1 + even / c);
      fraction *= d * c;
      double odd = -(shape + m) * (2 * shape + m) * x / ((shape + 2 * m) * (shape + 2 * m + 1));
      d = 1 / atLeastTiny(1 + odd * d);
      c = atLeastTiny(1 + odd / c);
      double change = d * c;
      fraction *= change;
      if (StrictMath.abs(change - 1) < 1e-16) {
        break;
      }
    }
    return StrictMath.pow(x * (1 - x), shape) / shape * fraction;
  }

  private static double atLeastTiny(double value) {
    return StrictMath.abs(value) < TINY ? TINY : value;
  }
}
