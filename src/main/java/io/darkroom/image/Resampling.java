package io.darkroom.image;

import java.util.Arrays;

/**
 * Resizes a picture and keeps its aspect ratio, with a triangle filter as in Pillow's {@code
 * BILINEAR}: when shrinking, the filter is widened to the distance of the new pixels. The picture
 * stays centred; parts outside the new size are cut off, and missing parts repeat the edge.
 *
 * @param channels channels of both pictures
 * @param height rows of the original picture
 * @param width columns of the original picture
 */
public record Resampling(int channels, int height, int width) {

  public Resampling {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "image: must be 1 x 1 x 1 or larger, is %d x %d x %d".formatted(channels, height, width));
    }
  }

  /** Returns the whole picture scaled to fit into the new size. */
  public float[] fit(float[] picture, int newHeight, int newWidth) {
    double ratio = Math.min((double) newHeight / height, (double) newWidth / width);
    return resized(picture, newHeight, newWidth, ratio);
  }

  /** Returns the picture scaled to cover the new size and cropped. */
  public float[] fill(float[] picture, int newHeight, int newWidth) {
    double ratio = Math.max((double) newHeight / height, (double) newWidth / width);
    return resized(picture, newHeight, newWidth, ratio);
  }

  /**
   * Resizes first along the axis that gives the smaller intermediate picture, which is never larger
   * than the larger of both pictures.
   */
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

  /** Resizes one axis of {@code [outer, axis, inner]}. */
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

  /** The source elements of each element of a resized axis. */
  private static final class Axis {
    /** First source element for each new element. */
    private final int[] first;

    /** Weights of the first source element and the following ones; their sum is 1. */
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
