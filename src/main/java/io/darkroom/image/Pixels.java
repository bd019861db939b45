package io.darkroom.image;

import io.darkroom.text.Sha256;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A picture with 8 bits per sample: grey (one channel) or RGB (three), each with or without an
 * opacity as a further channel; rows from the top, channels interleaved. Immutable. Pictures are
 * equal if their sizes and samples are equal.
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
   * Creates a picture from samples.
   *
   * @param channels 1 (grey), 2 (grey and opacity), 3 (RGB) or 4 (RGB and opacity)
   * @param samples {@code [height, width, channels]}; copied
   */
  public Pixels(int width, int height, int channels, byte[] samples) {
    this(samples.clone(), width, height, channels);
  }

  private Pixels(byte[] owned, int width, int height, int channels) {
    if (width < 1 || height < 1 || channels < GREY || channels > RGB + 1) {
      throw new IllegalArgumentException(
          "an image must have a width and a height and 1 to 4 channels, is %d x %d x %d"
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

  /** Creates a picture that takes ownership of the array, without a copy. */
  static Pixels owning(byte[] samples, int width, int height, int channels) {
    return new Pixels(samples, width, height, channels);
  }

  /**
   * Converts a model's picture to 8 bits: {@code 255 * clamp(x / 2 + 0.5, 0, 1)}, rounded half to
   * even, all in float32, as in the diffusers pipelines. NaN becomes 0.
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

  /**
   * Returns the picture as a model's input, {@code [channels, height, width]}: {@code 2 * (s / 255)
   * - 1}.
   */
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

  /** Returns the columns, 1 or more. */
  public int width() {
    return width;
  }

  /** Returns the rows, 1 or more. */
  public int height() {
    return height;
  }

  /** Returns the channels: 1 (grey) or 3 (red, green, blue), one more with an opacity. */
  public int channels() {
    return channels;
  }

  /**
   * Returns the picture with an opacity, so that it looks on white as this one does, as far as
   * colours allow it. Where the opacity is 0 the colour is white.
   *
   * @param opacity a grey picture of the same size
   */
  public Pixels withoutWhite(Pixels opacity) {
    int wide = channels + 1;
    byte[] all = new byte[Math.multiplyExact(width * height, wide)];
    for (int i = 0; i < all.length; i++) {
      int pixel = i / wide;
      int channel = i % wide;
      int alpha = opacity.samples[pixel] & 0xff;
      all[i] =
          (byte)
              (channel == channels
                  ? alpha
                  : withoutWhite(samples[pixel * channels + channel] & 0xff, alpha));
    }
    return new Pixels(all, width, height, wide);
  }

  /** Solves {@code (sample * alpha + 255 * (255 - alpha)) / 255 = blended} for the sample. */
  private static int withoutWhite(int blended, int alpha) {
    int levels = (int) LEVELS;
    if (alpha == 0) {
      return levels;
    }
    int excess = Math.max(0, blended - levels + alpha);
    return Math.min(levels, (levels * excess + alpha / 2) / alpha);
  }

  /** Returns the first channel as a grey picture: the grey picture that was read as RGB. */
  public Pixels toGrey() {
    byte[] grey = new byte[width * height];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = samples[i * channels];
    }
    return new Pixels(grey, width, height, GREY);
  }

  /** Returns one sample, 0 to 255. */
  public int sample(int x, int y, int channel) {
    return samples[(y * width + x) * channels + channel] & 0xff;
  }

  /** Returns a copy of the samples, {@code [height, width, channels]}. */
  public byte[] toBytes() {
    return samples.clone();
  }

  /**
   * Returns the digest of the pixels, independent of the file: SHA-256 of width, height and
   * channels, each as four bytes, big-endian, followed by the samples, {@code [height, width,
   * channels]}.
   */
  public String sha256() {
    ByteBuffer head = ByteBuffer.allocate(12).putInt(width).putInt(height).putInt(channels).flip();
    return Sha256.of(head, samples);
  }

  /** Returns the samples without a copy; read only. */
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
