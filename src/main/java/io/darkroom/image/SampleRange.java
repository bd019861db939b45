package io.darkroom.image;

/**
 * The range of a picture's own samples, which is mapped to [-1, 1] for a network and back for the
 * result.
 *
 * @param low smallest sample
 * @param high largest sample; a picture of one value has {@code high = low}
 */
public record SampleRange(double low, double high) {

  /**
   * Returns the range of samples.
   *
   * @param samples at least one; read only
   */
  public static SampleRange of(float[] samples) {
    float low = samples[0];
    float high = samples[0];
    for (float sample : samples) {
      low = Math.min(low, sample);
      high = Math.max(high, sample);
    }
    return new SampleRange(low, high);
  }

  /** Returns samples of this range in [-1, 1], in a new array; -1 if all are the same. */
  public float[] normalize(float[] samples) {
    double width = Math.max(high - low, 1);
    float[] normal = new float[samples.length];
    for (int i = 0; i < normal.length; i++) {
      normal[i] = (float) (2 * (samples[i] - low) / width - 1);
    }
    return normal;
  }

  /**
   * Returns the integers of this range, in a new array: values are clamped to [-1, 1] and rounded
   * half to even.
   *
   * @param values a network's result; read only
   */
  public float[] restore(float[] values) {
    float[] samples = new float[values.length];
    for (int i = 0; i < samples.length; i++) {
      double unit = Math.min(1, Math.max(0, values[i] / 2.0 + 0.5));
      samples[i] = (float) Math.rint(low + unit * (high - low));
    }
    return samples;
  }
}
