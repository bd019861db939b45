package io.darkroom.diffusion;

/**
 * The noise level of a sample: {@code x = alpha * x0 + sigma * eps}. Variance-preserving models
 * have {@code alpha² + sigma² = 1}, variance-exploding models {@code alpha = 1}, rectified flows
 * {@code alpha + sigma = 1}.
 *
 * @param alpha factor of the signal, 0 or more; below 0 only on a flow that starts before pure
 *     noise
 * @param sigma factor of the noise, 0 or more; 0 is a clean sample
 */
public record Level(double alpha, double sigma) {
  /** No noise. */
  public static final Level CLEAN = new Level(1, 0);

  public Level {
    if (!(sigma >= 0) || !(alpha + sigma > 0)) {
      throw new IllegalArgumentException(
          "sigma must be 0 or more, and more than -alpha: " + alpha + ", " + sigma);
    }
  }

  /** Returns the variance of unit-variance data at this level, {@code alpha² + sigma²}. */
  public double power() {
    return alpha * alpha + sigma * sigma;
  }

  /** Returns half the logarithm of the signal-to-noise ratio, {@code log(alpha / sigma)}. */
  public double lambda() {
    return StrictMath.log(alpha) - StrictMath.log(sigma);
  }
}
