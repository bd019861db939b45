package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Level;

/** How a sample at a noise-to-signal ratio is scaled. */
public enum Scaling {
  /** {@code alpha² + sigma² = 1}. */
  VARIANCE_PRESERVING {
    @Override
    public Level level(double sigma) {
      double alpha = 1 / StrictMath.sqrt(sigma * sigma + 1);
      return new Level(alpha, sigma * alpha);
    }
  },
  /** {@code alpha = 1}. */
  VARIANCE_EXPLODING {
    @Override
    public Level level(double sigma) {
      return new Level(1, sigma);
    }
  },
  /** {@code alpha + sigma = 1}; sigma is the factor of the noise, 1 for pure noise. */
  FLOW {
    @Override
    public Level level(double sigma) {
      return new Level(1 - sigma, sigma);
    }
  };

  /** Returns the level of a schedule's sigma. */
  public abstract Level level(double sigma);
}
