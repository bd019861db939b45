package io.darkroom.model;

import java.util.List;

/**
 * Converts between samples and the latents of an autoencoder: {@code sample = (latents - mean) *
 * factor / deviation}, per channel, as in the diffusers pipelines ({@code scaling_factor}, {@code
 * shift_factor}, {@code latents_mean} and {@code latents_std}).
 *
 * @param factor scaling factor, above 0
 * @param means mean of each channel's latents; a single value applies to all channels
 * @param deviations standard deviation of each channel's latents, above 0; as many as means
 */
public record LatentScaling(double factor, List<Double> means, List<Double> deviations) {
  /** Logarithms of variances are clamped to these limits, as in AutoencoderKL. */
  private static final float LEAST_LOG_VARIANCE = -30;

  private static final float MOST_LOG_VARIANCE = 20;

  public LatentScaling {
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
  }

  /** Creates a scaling by a factor. */
  public static LatentScaling by(double factor) {
    return shifted(factor, 0);
  }

  /** Creates a scaling by a factor after a shift of all channels. */
  public static LatentScaling shifted(double factor, double shift) {
    return new LatentScaling(factor, List.of(shift), List.of(1.0));
  }

  /**
   * Converts a sample to the decoder's input, in a new array.
   *
   * @param sample {@code [C, H, W]}
   */
  public float[] latents(float[] sample) {
    float divisor = (float) factor;
    float[] latents = new float[sample.length];
    int cells = sample.length / means.size();
    for (int channel = 0; channel < means.size(); channel++) {
      float mean = means.get(channel).floatValue();
      float deviation = deviations.get(channel).floatValue();
      for (int i = channel * cells; i < (channel + 1) * cells; i++) {
        latents[i] = sample[i] * deviation / divisor + mean;
      }
    }
    return latents;
  }

  /**
   * Converts the latents of an encoder without variance to a sample, in a new array.
   *
   * @param latents {@code [C, H, W]}
   */
  public float[] sample(float[] latents) {
    float[] sample = new float[latents.length];
    int cells = latents.length / means.size();
    for (int i = 0; i < sample.length; i++) {
      int channel = i / cells;
      sample[i] = (float) ((latents[i] - means.get(channel)) * factor / deviations.get(channel));
    }
    return sample;
  }

  /**
   * Converts an encoder's output to the distribution of samples.
   *
   * @param parameters {@code [2C, H, W]}: mean, then logarithm of the variance of latents
   * @return {@code [2C, H, W]}: mean, then standard deviation of samples
   */
  public float[] distribution(float[] parameters) {
    float[] distribution = new float[parameters.length];
    int half = parameters.length / 2;
    int cells = half / means.size();
    for (int i = 0; i < half; i++) {
      int channel = i / cells;
      double scale = factor / deviations.get(channel);
      distribution[i] = (float) ((parameters[i] - means.get(channel)) * scale);
      float bounded =
          Math.min(Math.max(parameters[half + i], LEAST_LOG_VARIANCE), MOST_LOG_VARIANCE);
      distribution[half + i] = (float) (StrictMath.exp(bounded / 2.0) * scale);
    }
    return distribution;
  }
}
