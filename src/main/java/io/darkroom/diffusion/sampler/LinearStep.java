package io.darkroom.diffusion.sampler;

/**
 * One step as its factors: {@code x = ofSample x + sum of ofValues[j] m[j] + ofNoise z}, where
 * {@code m[0]} is the network's newest value, {@code m[1]} the one before, and z is standard
 * normal.
 */
final class LinearStep {
  private final double ofSample;
  private final double[] ofValues;
  private final double ofNoise;
  private final boolean noisy;

  private LinearStep(double ofSample, double[] ofValues, double ofNoise, boolean noisy) {
    this.ofSample = ofSample;
    this.ofValues = ofValues;
    this.ofNoise = ofNoise;
    this.noisy = noisy;
  }

  static LinearStep of(double ofSample, double... ofValues) {
    return new LinearStep(ofSample, ofValues.clone(), 0, false);
  }

  /** Returns a copy with a draw of noise, which is made even if its factor is 0. */
  LinearStep withNoise(double factor) {
    return new LinearStep(ofSample, ofValues, factor, true);
  }

  double ofSample() {
    return ofSample;
  }

  double ofValue(int j) {
    return ofValues[j];
  }

  double ofNoise() {
    return ofNoise;
  }

  /** Returns the number of values that the step reads. */
  int depth() {
    return ofValues.length;
  }

  boolean noisy() {
    return noisy;
  }
}
