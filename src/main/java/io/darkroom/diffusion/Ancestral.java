package io.darkroom.diffusion;

/** The noise of one ancestral step between two noise-to-signal ratios. */
final class Ancestral {

  private Ancestral() {}

  /** Standard deviation of the fresh noise: that of the posterior (Ho et al. 2020, eq. 7). */
  static double up(double from, double to) {
    double variance = to * to * (from * from - to * to) / (from * from);
    return StrictMath.sqrt(Math.min(variance, to * to));
  }
}
