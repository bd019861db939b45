package io.darkroom.diffusion.schedule;

/** How noise-to-signal ratios are spread between a largest and a smallest one. */
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
  /** Evenly in half-log-SNR (Lu et al. 2022a, section 3.4); the same as exponentially. */
  LU {
    @Override
    double at(double ramp, double most, double least) {
      return EXPONENTIAL.at(ramp, most, least);
    }
  };

  private static final double RHO = 7;
  private static final double SHAPE = 0.6;

  /** The ratio at {@code ramp}, 0 giving {@code most} and 1 giving {@code least}. */
  abstract double at(double ramp, double most, double least);

  /** Karras's spacing with another root than the 7th. */
  public static double[] karras(double most, double least, double rho, int steps) {
    double[] out = new double[steps];
    for (int i = 0; i < steps; i++) {
      out[i] = karrasAt(ramp(i, steps), most, least, rho);
    }
    return exactAtEnds(out, most, least);
  }

  /** {@code steps} ratios, falling. */
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

  /** Karras's ratio at {@code ramp}, in another root than the 7th. */
  public static double karrasAt(double ramp, double most, double least, double rho) {
    double high = StrictMath.pow(most, 1 / rho);
    double low = StrictMath.pow(least, 1 / rho);
    return StrictMath.pow(high + ramp * (low - high), rho);
  }
}
