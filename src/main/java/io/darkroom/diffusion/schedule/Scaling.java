package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Level;

/** How a sample at a noise-to-signal ratio is scaled: the curve that a sampler moves it on. */
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
  /** {@code alpha + sigma = 1}; here sigma is the noise's factor itself, 1 for pure noise. */
  FLOW {
    @Override
    public Level level(double sigma) {
      return new Level(1 - sigma, sigma);
    }
  };

  /** The level that a schedule's sigma names. */
  public abstract Level level(double sigma);
}
