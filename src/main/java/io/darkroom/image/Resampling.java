package io.darkroom.image;

import java.util.Arrays;

/**
 * Brings a picture to another size and keeps its proportions: a triangle filter that is as wide as
 * the pixels are apart where it is made smaller, as Pillow's {@code BILINEAR}. The middle stays in
 * the middle; what stands out is cut off, and where the picture does not reach its edge is
 * repeated.
 *
 * @param channels of both
 * @param height of the picture
 * @param width of the picture
 */
public record Resampling(int channels, int height, int width) {

  public Resampling {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "picture: must be 1 x 1 x 1 or larger, is %d x %d x %d"
              .formatted(channels, height, width));
    }
  }

  /** The whole picture within the new size. */
  public float[] fit(float[] picture, int newHeight, int newWidth) {
    double ratio = Math.min((double) newHeight / height, (double) newWidth / width);
    return resized(picture, newHeight, newWidth, ratio);
  }

  /** As much of the picture as covers the new size. */
  public float[] fill(float[] picture, int newHeight, int newWidth) {
    double ratio = Math.max((double) newHeight / height, (double) newWidth / width);
    return resized(picture, newHeight, newWidth, ratio);
  }

  /** First along the axis that leaves less between: never more than the larger of both pictures. */
  private float[] resized(float[] picture, int newHeight, int newWidth, double ratio) {
    Axis rows = Axis.of(height, newHeight, ratio);
    Axis columns = Axis.of(width, newWidth, ratio);
    if ((long) height * newWidth < (long) newHeight * width) {
      float[] wide = along(picture, columns, channels * height, 1);
      return along(wide, rows, channels, newWidth);
    }
    float[] high = along(picture, rows, channels, width);
    return along(high, columns, channels * newHeight, 1);
  }

  /** One axis of {@code [outer, axis, inner]}. */
  private static float[] along(float[] from, Axis axis, int outer, int inner) {
    int length = from.length / outer / inner;
    int longer = axis.first.length;
    float[] to = new float[Math.multiplyExact(Math.multiplyExact(outer, longer), inner)];
    double[] line = new double[inner];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < longer; i++) {
        Arrays.fill(line, 0);
        for (int k = 0; k < axis.weights[i].length; k++) {
          int at = (o * length + axis.first[i] + k) * inner;
          for (int x = 0; x < inner; x++) {
            line[x] += axis.weights[i][k] * from[at + x];
          }
        }
        int at = (o * longer + i) * inner;
        for (int x = 0; x < inner; x++) {
          to[at + x] = (float) line[x];
        }
      }
    }
    return to;
  }

  /** What the elements of a new axis are made of. */
  private static final class Axis {
    /** First element of the old axis, for each of the new one. */
    private final int[] first;

    /** Weights of the first element and of those behind it; together 1. */
    private final double[][] weights;

    private Axis(int[] first, double[][] weights) {
      this.first = first;
      this.weights = weights;
    }

    static Axis of(int length, int newLength, double ratio) {
      int scaled = (int) Math.max(1, Math.round(length * ratio));
      int offset = Math.floorDiv(newLength - scaled, 2);
      double step = (double) length / scaled;
      int[] first = new int[newLength];
      double[][] weights = new double[newLength][];
      for (int i = 0; i < newLength; i++) {
        int at = Math.min(Math.max(i - offset, 0), scaled - 1);
        double center = (at + 0.5) * step;
        double reach = Math.max(step, 1);
        first[i] = (int) Math.max(0, Math.floor(center - reach + 0.5));
        int end = (int) Math.min(length, Math.floor(center + reach + 0.5));
        weights[i] = triangle(first[i], Math.max(end, first[i] + 1), center, reach);
      }
      return new Axis(first, weights);
    }

    private static double[] triangle(int first, int end, double center, double reach) {
      double[] weights = new double[end - first];
      double sum = 0;
      for (int k = 0; k < weights.length; k++) {
        weights[k] = Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / reach);
        sum += weights[k];
      }
      for (int k = 0; k < weights.length; k++) {
        weights[k] /= sum;
      }
      return weights;
    }
  }
}
