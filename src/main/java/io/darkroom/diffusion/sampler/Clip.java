package io.darkroom.diffusion.sampler;

/** Limits the estimate of the clean sample before a sampler uses it. */
sealed interface Clip {

  /**
   * Changes the estimate in place.
   *
   * @param spare scratch array of the sample's length, overwritten; elements of the estimate beyond
   *     this length are not changed
   */
  void apply(float[] denoised, float[] spare);

  /** Returns whether an estimate may change. */
  default boolean active() {
    return true;
  }

  /** Leaves the estimate unchanged. */
  record None() implements Clip {
    @Override
    public void apply(float[] denoised, float[] spare) {}

    @Override
    public boolean active() {
      return false;
    }
  }

  /**
   * Clips to a range.
   *
   * @param bound the maximum magnitude
   */
  record Range(double bound) implements Clip {
    @Override
    public void apply(float[] denoised, float[] spare) {
      float most = (float) bound;
      for (int i = 0; i < spare.length; i++) {
        denoised[i] = Math.max(-most, Math.min(most, denoised[i]));
      }
    }
  }

  /**
   * Dynamic thresholding (Saharia et al. 2022, Imagen, section 2.3): if a quantile of the
   * magnitudes is above 1, clips at the quantile and divides by it.
   *
   * @param ratio the quantile, 0 to 1
   * @param most the largest threshold
   */
  record Dynamic(double ratio, double most) implements Clip {
    @Override
    public void apply(float[] denoised, float[] spare) {
      float quantile = Quantile.ofMagnitudes(denoised, ratio, spare);
      float threshold = Math.min((float) most, Math.max(1, quantile));
      for (int i = 0; i < spare.length; i++) {
        denoised[i] = Math.max(-threshold, Math.min(threshold, denoised[i])) / threshold;
      }
    }
  }
}
