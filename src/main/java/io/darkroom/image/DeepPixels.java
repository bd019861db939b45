package io.darkroom.image;

/**
 * A picture with 16 bits per sample: grey (one channel) or RGB (three), rows from the top, channels
 * interleaved, big-endian.
 */
public final class DeepPixels {
  private static final int MOST = 0xffff;

  private final int width;
  private final int height;
  private final int channels;
  private final byte[] samples;

  private DeepPixels(int width, int height, int channels, byte[] samples) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.samples = samples;
  }

  /**
   * Converts data to a picture, without rounding.
   *
   * @param values {@code [channels, height, width]}, integers from 0 to 65535; read only
   * @throws IllegalArgumentException if a value is not such an integer
   */
  public static DeepPixels of(float[] values, int channels, int height, int width) {
    int plane = Math.multiplyExact(width, height);
    byte[] samples = new byte[Math.multiplyExact(Short.BYTES, values.length)];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < plane; i++) {
        int sample = sample(values[c * plane + i]);
        int at = Short.BYTES * (i * channels + c);
        samples[at] = (byte) (sample >> Byte.SIZE);
        samples[at + 1] = (byte) sample;
      }
    }
    return new DeepPixels(width, height, channels, samples);
  }

  private static int sample(float value) {
    int sample = (int) value;
    if (sample != value || sample < 0 || sample > MOST) {
      throw new IllegalArgumentException(
          "sample: must be an integer from 0 to " + MOST + ", is " + value);
    }
    return sample;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int channels() {
    return channels;
  }

  /** Returns the samples without a copy; read only. */
  byte[] samples() {
    return samples;
  }
}
