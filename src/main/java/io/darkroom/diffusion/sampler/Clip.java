package io.darkroom.diffusion.sampler;

/** What a sampler does to the estimate of the clean sample before it uses it. */
sealed interface Clip {

  /**
   * Changes the estimate in place.
   *
   * @param spare as long as the sample; what follows in the estimate is left as it is. Overwritten
   */
  void apply(float[] denoised, float[] spare);

  /** Whether anything may change. */
  default boolean active() {
    return true;
  }

  /** The estimate is used as it is. */
  record None() implements Clip {
    @Override
    public void apply(float[] denoised, float[] spare) {}

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
    public void apply(float[] denoised, float[] spare) {
      float most = (float) bound;
      for (int i = 0; i < spare.length; i++) {
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
    public void apply(float[] denoised, float[] spare) {
      float quantile = Quantile.ofMagnitudes(denoised, ratio, spare);
      float threshold = Math.min((float) most, Math.max(1, quantile));
      for (int i = 0; i < spare.length; i++) {
        denoised[i] = Math.max(-threshold, Math.min(threshold, denoised[i])) / threshold;
      }
    }
  }
}
