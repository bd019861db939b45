package io.darkroom.diffusion.sampler;

/** The noise of one ancestral step between two noise-to-signal ratios. */
final class Ancestral {

  private Ancestral() {}

  /** Returns the noise-to-signal ratio at which the deterministic part of the step ends. */
  static double down(double from, double to) {
    return to * to / from;
  }

  /**
   * Returns the standard deviation of the fresh noise: that of the posterior (Ho et al. 2020, eq.
   * 7).
   */
  static double up(double from, double to) {
    double ratio = to / from;
    return to * StrictMath.sqrt(1 - ratio * ratio);
  }
}
