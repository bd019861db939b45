package io.darkroom.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Optional;

/**
 * The samples of any decoded picture as grey or RGB with 8 or 16 bits, without colour management.
 * Grey is copied to three channels, colours become grey with the weights of ITU-R BT.601 as in
 * Pillow, and samples with other bits are scaled and rounded.
 *
 * @param channels 1 or 3
 * @param sampleBytes bytes of a sample, 1 or 2
 * @param samples {@code [height, width, channels]}, big-endian
 * @param alpha opacity with 8 bits, {@code [height, width]}; empty if all pixels are opaque
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DecodedPicture(
    int width, int height, int channels, int sampleBytes, byte[] samples, Optional<byte[]> alpha) {
  static final int GREY = 1;
  static final int RGB = 3;
  private static final int EIGHT_BITS = 255;

  /** Weights of red, green and blue in grey, and a half, in units of 2^-16. */
  private static final long RED = 19595;

  private static final long GREEN = 38470;
  private static final long BLUE = 7471;
  private static final long HALF = 1 << 15;

  /** Index of the opacity after red, green and blue. */
  private static final int ALPHA = 3;

  /**
   * Converts a picture whose transparent pixels are blended with white.
   *
   * @throws UnreadablePicture if it is neither grey nor RGB
   */
  static DecodedPicture overWhite(BufferedImage image, int channels, int sampleBytes)
      throws UnreadablePicture {
    return of(image, channels, sampleBytes, true);
  }

  /** Converts a picture to 8 bits whose colours stay as they are where it is transparent. */
  static DecodedPicture straight(BufferedImage image, int channels) throws UnreadablePicture {
    return of(image, channels, 1, false);
  }

  private static DecodedPicture of(
      BufferedImage image, int channels, int sampleBytes, boolean blended)
      throws UnreadablePicture {
    ColorModel colours = image.getColorModel();
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int[] row = new int[width * raster.getNumBands()];
    int most = (1 << (Byte.SIZE * sampleBytes)) - 1;
    Reader reader =
        colours instanceof IndexColorModel palette
            ? new Palette(palette, most / EIGHT_BITS)
            : Components.of(colours, raster.getNumBands(), most);
    Writer writer = new Writer(width * image.getHeight(), channels, sampleBytes, blended);
    boolean transparent = colours.hasAlpha();
    byte[] alpha = new byte[transparent ? width * image.getHeight() : 0];
    int[] rgba = new int[ALPHA + 1];
    boolean opaque = true;
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        reader.read(row, x, rgba);
        writer.write(rgba);
        if (transparent) {
          alpha[y * width + x] = (byte) ((EIGHT_BITS * (long) rgba[ALPHA] + most / 2) / most);
          opaque &= rgba[ALPHA] == most;
        }
      }
    }
    return new DecodedPicture(
        width,
        image.getHeight(),
        channels,
        sampleBytes,
        writer.samples,
        opaque ? Optional.empty() : Optional.of(alpha));
  }

  /** Returns the picture in upright orientation. */
  DecodedPicture upright(Orientation orientation) {
    if (orientation.equals(Orientation.UPRIGHT)) {
      return this;
    }
    boolean swapped = orientation.transposed();
    return new DecodedPicture(
        swapped ? height : width,
        swapped ? width : height,
        channels,
        sampleBytes,
        orientation.upright(samples, width, height, channels * sampleBytes),
        alpha.map(each -> orientation.upright(each, width, height, 1)));
  }

  /** Returns the picture with 8 bits, without its opacity. */
  Pixels pixels() {
    return Pixels.owning(samples, width, height, channels);
  }

  /** Returns the picture with 8 bits and its opacity as the last channel. */
  Pixels withOpacity() {
    int wide = channels + 1;
    byte[] all = new byte[Math.multiplyExact(width * height, wide)];
    for (int i = 0; i < all.length; i++) {
      int pixel = i / wide;
      int channel = i % wide;
      byte opacity = alpha.isPresent() ? alpha.get()[pixel] : (byte) EIGHT_BITS;
      all[i] = channel < channels ? samples[pixel * channels + channel] : opacity;
    }
    return Pixels.owning(all, width, height, wide);
  }

  /** Returns the numbers of 16 bits, {@code [channels, height, width]}, 0 to 65535. */
  float[] numbers() {
    int plane = width * height;
    float[] numbers = new float[plane * channels];
    for (int i = 0; i < numbers.length; i++) {
      int at = Short.BYTES * (i % plane * channels + i / plane);
      numbers[i] = (samples[at] & EIGHT_BITS) << Byte.SIZE | (samples[at + 1] & EIGHT_BITS);
    }
    return numbers;
  }

  /** Reads a pixel as red, green, blue and opacity. */
  private sealed interface Reader {
    void read(int[] row, int x, int[] rgba);
  }

  /**
   * @param factor maximum sample of the result in units of 255
   */
  private record Palette(IndexColorModel colours, int factor) implements Reader {
    @Override
    public void read(int[] row, int x, int[] rgba) {
      int argb = colours.getRGB(row[x]);
      rgba[0] = factor * (argb >> 16 & EIGHT_BITS);
      rgba[1] = factor * (argb >> 8 & EIGHT_BITS);
      rgba[2] = factor * (argb & EIGHT_BITS);
      rgba[ALPHA] = factor * (argb >>> 24);
    }
  }

  /**
   * Reads samples that are colour values (not palette indices).
   *
   * @param max the largest sample
   * @param most the largest sample of the result
   */
  private record Components(int bands, boolean grey, boolean alpha, int max, int most)
      implements Reader {

    static Components of(ColorModel colours, int bands, int most) throws UnreadablePicture {
      boolean alpha = colours.hasAlpha();
      int channels = alpha ? bands - 1 : bands;
      int bits = colours.getComponentSize(0);
      if ((channels != GREY && channels != RGB) || bits > Short.SIZE) {
        throw new UnreadablePicture(
            UnreadablePicture.Reason.UNSUPPORTED, "must be grey or RGB, is " + colours);
      }
      return new Components(bands, channels == GREY, alpha, (1 << bits) - 1, most);
    }

    @Override
    public void read(int[] row, int x, int[] rgba) {
      int at = x * bands;
      rgba[0] = scaled(row[at]);
      rgba[1] = grey ? rgba[0] : scaled(row[at + 1]);
      rgba[2] = grey ? rgba[0] : scaled(row[at + 2]);
      rgba[ALPHA] = alpha ? scaled(row[at + bands - 1]) : most;
    }

    private int scaled(int sample) {
      return (int) ((2L * most * sample + max) / (2L * max));
    }
  }

  /** Writes pixels one after the other. */
  private static final class Writer {
    private final byte[] samples;
    private final int channels;
    private final int sampleBytes;
    private final boolean blended;
    private final int most;
    private int at;

    Writer(int pixels, int channels, int sampleBytes, boolean blended) {
      this.samples = new byte[Math.multiplyExact(pixels, channels * sampleBytes)];
      this.channels = channels;
      this.sampleBytes = sampleBytes;
      this.blended = blended;
      this.most = (1 << (Byte.SIZE * sampleBytes)) - 1;
    }

    void write(int[] rgba) {
      for (int c = 0; blended && c < RGB; c++) {
        rgba[c] = overWhite(rgba[c], rgba[ALPHA]);
      }
      if (channels == GREY) {
        put((int) ((RED * rgba[0] + GREEN * rgba[1] + BLUE * rgba[2] + HALF) >> Short.SIZE));
        return;
      }
      for (int c = 0; c < RGB; c++) {
        put(rgba[c]);
      }
    }

    private int overWhite(int sample, int alpha) {
      long white = (long) most * (most - alpha);
      return (int) (((long) sample * alpha + white + most / 2) / most);
    }

    private void put(int sample) {
      if (sampleBytes == Short.BYTES) {
        samples[at++] = (byte) (sample >> Byte.SIZE);
      }
      samples[at++] = (byte) sample;
    }
  }
}
