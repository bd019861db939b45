package io.darkroom.model;

import java.util.List;

/**
 * Converts samples to the data on which a network was trained: {@code data = sample * std + mean}
 * per channel.
 *
 * @param mean mean per channel; empty if samples are the data
 * @param std standard deviation per channel, above 0
 * @param uint16 whether data are 16-bit unsigned integers
 */
public record DataScaling(List<Double> mean, List<Double> std, boolean uint16) {
  /** Samples are the data. */
  public static final DataScaling NONE = new DataScaling(List.of(), List.of(), false);

  private static final int MOST = 0xffff;

  public DataScaling {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != std.size() || std.stream().anyMatch(each -> !(each > 0))) {
      throw new IllegalArgumentException("std: must be above 0 per channel, are " + std);
    }
  }

  /** Returns whether samples are the data. */
  public boolean none() {
    return mean.isEmpty();
  }

  /**
   * Returns the data of a sample in a new array; returns the sample itself if samples are the data.
   *
   * @param layout dimensions of the sample
   */
  public Tensor data(Tensor sample, Layout layout) {
    if (none()) {
      return sample;
    }
    float[] values = sample.values();
    float[] data = new float[values.length];
    int stride = layout.stride(sample.shape());
    for (int i = 0; i < data.length; i++) {
      int channel = i / stride % mean.size();
      data[i] = (float) bounded(values[i] * std.get(channel) + mean.get(channel));
    }
    return new Tensor(data, sample.shape());
  }

  /**
   * Returns the samples of data, the inverse of {@link #data}, in a new array.
   *
   * @param data {@code [C, ...]}, a channel for each mean
   */
  public float[] samples(float[] data) {
    float[] samples = new float[data.length];
    int stride = data.length / mean.size();
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) ((data[i] - mean.get(i / stride)) / std.get(i / stride));
    }
    return samples;
  }

  private double bounded(double value) {
    return uint16 ? Math.rint(Math.min(MOST, Math.max(0, value))) : value;
  }
}
