package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Arithmetic on arrays of samples, for comparisons with goldens. */
final class Samples {

  private Samples() {}

  /** Returns one row of a batch. */
  static float[] row(float[] batch, int index, int rows) {
    int size = batch.length / rows;
    return Arrays.copyOfRange(batch, index * size, (index + 1) * size);
  }

  /** From [-1, 1] to [0, 1]. */
  static float[] unit(float[] values) {
    float[] unit = new float[values.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = Math.min(1, Math.max(0, values[i] / 2 + 0.5f));
    }
    return unit;
  }

  /** From {@code [H, W, C]} to {@code [C, H, W]}. */
  static float[] planar(float[] interleaved, int channels) {
    int pixels = interleaved.length / channels;
    float[] planar = new float[interleaved.length];
    for (int i = 0; i < interleaved.length; i++) {
      planar[i % channels * pixels + i / channels] = interleaved[i];
    }
    return planar;
  }

  /** Returns the largest absolute difference of two arrays of one length. */
  static double worst(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
    }
    return worst;
  }
}
