package io.darkroom.diffusion;

/** What a sampler does to the estimate of the clean sample before it uses it. */
sealed interface Clip {

  /** Changes the first {@code size} elements of the estimate in place. */
  void apply(float[] denoised, int size);

  /** Whether anything may change. */
  default boolean active() {
    return true;
  }

  /** The estimate is used as it is. */
  record None() implements Clip {
    @Override
    public void apply(float[] denoised, int size) {}

    @Override
    public boolean active() {
      return false;
    }
  }

  /**
   * Cut at both ends.
   *
   * @param bound the largest magnitude that stays
   */
  record Range(double bound) implements Clip {
    @Override
    public void apply(float[] denoised, int size) {
      float most = (float) bound;
      for (int i = 0; i < size; i++) {
        denoised[i] = Math.max(-most, Math.min(most, denoised[i]));
      }
    }
  }

  /**
   * Dynamic thresholding (Saharia et al. 2022, Imagen, section 2.3): cut at a quantile of the
   * magnitudes, where that is above 1, and scaled back to 1.
   *
   * @param ratio the quantile, 0 to 1
   * @param most the largest threshold
   */
  record Dynamic(double ratio, double most) implements Clip {
    @Override
    public void apply(float[] denoised, int size) {
      float quantile = Quantile.ofMagnitudes(denoised, size, ratio);
      float threshold = Math.min((float) most, Math.max(1, quantile));
      for (int i = 0; i < size; i++) {
        denoised[i] = Math.max(-threshold, Math.min(threshold, denoised[i])) / threshold;
      }
    }
  }
}
