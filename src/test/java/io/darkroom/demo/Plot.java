package io.darkroom.demo;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** Draws results that are not pictures: the waveform of a sound, the histogram of numbers. */
final class Plot {
  private static final Color PAPER = Color.WHITE;
  private static final Color ZERO = new Color(0xD8D8D4);
  private static final Color INK = new Color(0x2F5D8A);

  private Plot() {}

  /**
   * Draws the channels of a sound below one another, each from full scale at the top to negative
   * full scale at the bottom. A column reaches from the smallest to the largest value of its part.
   *
   * @param samples at least one per column and channel, -32768 to 32767, channels interleaved
   * @param side width and height in pixels
   */
  static BufferedImage waveform(double[] samples, int channels, int side) {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = paper(image);
    int length = samples.length / channels;
    int height = side / channels;
    for (int c = 0; c < channels; c++) {
      int top = c * height;
      graphics.setColor(ZERO);
      graphics.drawLine(0, top + height / 2, side - 1, top + height / 2);
      graphics.setColor(INK);
      for (int x = 0; x < side; x++) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = place(x, side, length); i < place(x + 1, side, length); i++) {
          least = Math.min(least, samples[i * channels + c]);
          most = Math.max(most, samples[i * channels + c]);
        }
        graphics.drawLine(x, top + row(most, height), x, top + row(least, height));
      }
    }
    graphics.dispose();
    return image;
  }

  /**
   * Draws the number of values in each of {@code bins} equal parts of their range. The highest bar
   * has the full height.
   *
   * @param values at least one
   * @param side width and height in pixels
   */
  static BufferedImage histogram(float[] values, int bins, int side) {
    int[] counts = counts(values, bins);
    int most = 0;
    for (int count : counts) {
      most = Math.max(most, count);
    }
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = paper(image);
    graphics.setColor(INK);
    for (int b = 0; b < bins; b++) {
      int height = (int) Math.round((double) counts[b] * side / most);
      int left = place(b, bins, side);
      graphics.fillRect(left, side - height, place(b + 1, bins, side) - left, height);
    }
    graphics.dispose();
    return image;
  }

  private static int[] counts(float[] values, int bins) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    int[] counts = new int[bins];
    for (float value : values) {
      double part = most > least ? ((double) value - least) / ((double) most - least) : 0;
      counts[Math.min(bins - 1, (int) (part * bins))]++;
    }
    return counts;
  }

  private static Graphics2D paper(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(PAPER);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    return graphics;
  }

  private static int place(int part, int parts, int length) {
    return (int) ((long) part * length / parts);
  }

  private static int row(double value, int height) {
    return (int) Math.round((1 - value / -Short.MIN_VALUE) / 2 * (height - 1));
  }
}
