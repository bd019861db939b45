package io.darkroom.diffusion.schedule;

/** How noise-to-signal ratios are spaced between the largest and the smallest. */
public enum SigmaSpacing {
  /** Evenly in the 7th root (Karras et al. 2022, eq. 5). */
  KARRAS {
    @Override
    double at(double ramp, double most, double least) {
      return karrasAt(ramp, most, least, RHO);
    }
  },
  /** Evenly in the logarithm. */
  EXPONENTIAL {
    @Override
    double at(double ramp, double most, double least) {
      double high = StrictMath.log(most);
      return StrictMath.exp(high + ramp * (StrictMath.log(least) - high));
    }
  },
  /** By the quantiles of a Beta(0.6, 0.6) distribution (Lee et al. 2024). */
  BETA {
    @Override
    double at(double ramp, double most, double least) {
      return least + BetaDistribution.quantile(1 - ramp, SHAPE) * (most - least);
    }
  },
  /** Evenly in half-log-SNR (Lu et al. 2022a, section 3.4); equal to {@link #EXPONENTIAL}. */
  LU {
    @Override
    double at(double ramp, double most, double least) {
      return EXPONENTIAL.at(ramp, most, least);
    }
  };

  private static final double RHO = 7;
  private static final double SHAPE = 0.6;

  /** Returns the ratio at {@code ramp}: {@code most} at 0 and {@code least} at 1. */
  abstract double at(double ramp, double most, double least);

  /** Returns ratios by Karras's spacing with exponent {@code rho}. */
  public static double[] karras(double most, double least, double rho, int steps) {
    double[] out = new double[steps];
    for (int i = 0; i < steps; i++) {
      out[i] = karrasAt(ramp(i, steps), most, least, rho);
    }
    return exactAtEnds(out, most, least);
  }

  /** Returns {@code steps} decreasing ratios. */
  public double[] between(double most, double least, int steps) {
    double[] out = new double[steps];
    for (int i = 0; i < steps; i++) {
      out[i] = at(ramp(i, steps), most, least);
    }
    return exactAtEnds(out, most, least);
  }

  private static double[] exactAtEnds(double[] sigmas, double most, double least) {
    sigmas[sigmas.length - 1] = least;
    sigmas[0] = most;
    return sigmas;
  }

  private static double ramp(int i, int steps) {
    return steps == 1 ? 0 : i / (steps - 1.0);
  }

  /** Returns the ratio of Karras's spacing at {@code ramp} with exponent {@code rho}. */
  public static double karrasAt(double ramp, double most, double least, double rho) {
    double high = StrictMath.pow(most, 1 / rho);
    double low = StrictMath.pow(least, 1 / rho);
    return StrictMath.pow(high + ramp * (low - high), rho);
  }
}
