package io.darkroom.image;

import io.darkroom.text.Sha256;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A picture of 8 bits to a sample: grey (one channel) or RGB (three), rows from the top, channels
 * interleaved. Immutable; equal where size and samples are.
 */
public final class Pixels {
  private static final int GREY = 1;
  private static final int RGB = 3;
  private static final float LEVELS = 255;

  private final int width;
  private final int height;
  private final int channels;
  private final byte[] samples;

  /**
   * A picture of these samples.
   *
   * @param channels 1 or 3
   * @param samples {@code [height, width, channels]}; copied
   */
  public Pixels(int width, int height, int channels, byte[] samples) {
    this(samples.clone(), width, height, channels);
  }

  private Pixels(byte[] owned, int width, int height, int channels) {
    if (width < 1 || height < 1 || (channels != GREY && channels != RGB)) {
      throw new IllegalArgumentException(
          "a picture must have a width and a height and 1 or 3 channels, is %d x %d x %d"
              .formatted(width, height, channels));
    }
    if ((long) width * height * channels != owned.length) {
      throw new IllegalArgumentException(
          "samples: must be %d x %d x %d, are %d".formatted(width, height, channels, owned.length));
    }
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.samples = owned;
  }

  /** As the constructor, but the array becomes the picture's own. */
  static Pixels owning(byte[] samples, int width, int height, int channels) {
    return new Pixels(samples, width, height, channels);
  }

  /**
   * A model's picture in 8 bits: {@code 255 * clamp(x / 2 + 0.5, 0, 1)}, rounded half to even, all
   * in float32, as the diffusers pipelines do it. NaN becomes 0.
   *
   * @param tensor {@code [channels, height, width]} in [-1, 1]; read only
   */
  public static Pixels ofTensor(float[] tensor, int channels, int height, int width) {
    int plane = Math.multiplyExact(width, height);
    byte[] samples = new byte[Math.multiplyExact(plane, channels)];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < plane; i++) {
        float unit = Math.min(Math.max(tensor[c * plane + i] / 2 + 0.5f, 0f), 1f);
        samples[i * channels + c] = (byte) (int) Math.rint(LEVELS * unit);
      }
    }
    return new Pixels(samples, width, height, channels);
  }

  /** The picture for a model, {@code [channels, height, width]}: {@code 2 * (s / 255) - 1}. */
  public float[] toTensor() {
    int plane = width * height;
    float[] tensor = new float[samples.length];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < plane; i++) {
        tensor[c * plane + i] = 2 * ((samples[i * channels + c] & 0xff) / LEVELS) - 1;
      }
    }
    return tensor;
  }

  /** Samples to a row's channel, 1 or more. */
  public int width() {
    return width;
  }

  /** Rows, 1 or more. */
  public int height() {
    return height;
  }

  /** 1 (grey) or 3 (red, green, blue). */
  public int channels() {
    return channels;
  }

  /** One sample, 0 to 255. */
  public int sample(int x, int y, int channel) {
    return samples[(y * width + x) * channels + channel] & 0xff;
  }

  /** A copy of the samples, {@code [height, width, channels]}. */
  public byte[] toBytes() {
    return samples.clone();
  }

  /**
   * Digest of what is seen, whatever file it is in: SHA-256 of width, height and channels, each as
   * four bytes, big-endian, and then the samples, {@code [height, width, channels]}.
   */
  public String sha256() {
    ByteBuffer head = ByteBuffer.allocate(12).putInt(width).putInt(height).putInt(channels).flip();
    return Sha256.of(head, samples);
  }

  /** The samples themselves, not a copy: read only. */
  byte[] samples() {
    return samples;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pixels that
        && width == that.width
        && height == that.height
        && channels == that.channels
        && Arrays.equals(samples, that.samples);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(samples);
  }

  @Override
  public String toString() {
    return "%d x %d x %d pixels".formatted(width, height, channels);
  }
}
