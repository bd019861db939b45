package io.darkroom.diffusion.sampler;

/**
 * A sampler whose sample is bounded to [-1, 1] after each evaluation, noise included, as in the
 * inference of DiffWave (Kong et al. 2021). It is not the clipping of the clean estimate. NaN and
 * infinity stay, so that they are reported.
 *
 * @param plain the sampler without the bounds
 */
record ClampedSampler(Sampler plain) implements ForwardingSampler {

  @Override
  public boolean clampsEachStep() {
    return true;
  }

  @Override
  public void accept(Trajectory trajectory, int k, float[] denoised) {
    plain.accept(trajectory, k, denoised);
    bound(trajectory.sample());
    if (k == evaluations() - 1 && result(trajectory) != trajectory.sample()) {
      bound(result(trajectory));
    }
  }

  private static void bound(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.isFinite(values[i]) ? Math.max(-1, Math.min(1, values[i])) : values[i];
    }
  }
}
