package io.darkroom.diffusion.schedule;

/**
 * A curve's noise-to-signal ratios and their logarithms in single precision, as in diffusers'
 * {@code _sigma_to_t}. Its multistep schedulers truncate the resulting timesteps to whole numbers,
 * so a single bit of a logarithm decides whether the largest sigma becomes the last timestep or the
 * one before.
 */
final class FloatSigmas {
  private static final double LEAST_SIGMA = 1e-10;

  private final float[] sigmas;
  private final float[] logs;

  private FloatSigmas(float[] sigmas, float[] logs) {
    this.sigmas = sigmas;
    this.logs = logs;
  }

  static FloatSigmas of(NoiseCurve curve) {
    float[] sigmas = new float[curve.steps()];
    float[] logs = new float[sigmas.length];
    for (int t = 0; t < sigmas.length; t++) {
      float left = curve.alphaCumprod(t);
      sigmas[t] = (float) StrictMath.sqrt((1 - left) / left);
      logs[t] = FloatLog.of(sigmas[t]);
    }
    return new FloatSigmas(sigmas, logs);
  }

  double least() {
    return sigmas[0];
  }

  double most() {
    return sigmas[sigmas.length - 1];
  }

  double log(int t) {
    return logs[t];
  }

  /**
   * Returns the fractional timestep of a sigma, interpolated linearly in log sigma and clamped at
   * both ends.
   */
  double timestep(double sigma) {
    double log = StrictMath.log(Math.max(sigma, LEAST_SIGMA));
    int below = Math.max(0, Math.min(lastNotAbove(log), logs.length - 2));
    int above = Math.min(below + 1, logs.length - 1);
    float width = logs[below] - logs[above];
    if (width == 0) {
      return above;
    }
    double share = Math.max(0, Math.min(1, (logs[below] - log) / width));
    return (1 - share) * below + share * above;
  }

  private int lastNotAbove(double log) {
    int low = 0;
    int high = logs.length;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (logs[middle] <= log) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
