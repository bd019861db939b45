package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;

/** The distribution of a sample at a level, given the clean sample and a noisier sample. */
final class Posterior {

  private Posterior() {}

  /** Returns its standard deviation on variance-preserving levels (Ho et al. 2020, eq. 7). */
  static double deviation(Level from, Level to) {
    double ratio = from.alpha() / to.alpha();
    return to.sigma() / from.sigma() * StrictMath.sqrt(1 - ratio * ratio);
  }
}
