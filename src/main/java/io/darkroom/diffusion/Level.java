package io.darkroom.diffusion;

/**
 * How noisy a sample is: {@code x = alpha * x0 + sigma * eps}. Variance-preserving models have
 * {@code alpha² + sigma² = 1}, variance-exploding ones {@code alpha = 1}, rectified flow {@code
 * alpha + sigma = 1}.
 *
 * @param alpha the signal's factor, 0 or more; below 0 on a flow that is followed from before pure
 *     noise
 * @param sigma the noise's factor, 0 or more; 0 is a clean sample
 */
public record Level(double alpha, double sigma) {

  public Level {
    if (!(sigma >= 0) || !(alpha + sigma > 0)) {
      throw new IllegalArgumentException(
          "sigma must be 0 or more, and more than -alpha: " + alpha + ", " + sigma);
    }
  }

  /** The variance of unit-variance data at this level, {@code alpha² + sigma²}. */
  public double power() {
    return alpha * alpha + sigma * sigma;
  }

  /** Half the logarithm of the signal-to-noise ratio, {@code log(alpha / sigma)}. */
  public double lambda() {
    return StrictMath.log(alpha) - StrictMath.log(sigma);
  }
}
