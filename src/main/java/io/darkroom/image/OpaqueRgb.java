package io.darkroom.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Converts any decoded picture to 8-bit RGB: samples are used as stored, without colour management;
 * grey is copied to three channels; 16 bits are rounded to 8; transparent pixels are blended with
 * white.
 */
final class OpaqueRgb {
  private static final int MAX = 255;

  private OpaqueRgb() {}

  static Pixels of(BufferedImage image) throws UnreadablePicture {
    ColorModel colours = image.getColorModel();
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int[] row = new int[width * raster.getNumBands()];
    byte[] out = new byte[Math.multiplyExact(3 * width, image.getHeight())];
    Reader reader =
        colours instanceof IndexColorModel palette
            ? new Palette(palette)
            : Components.of(colours, raster.getNumBands());
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int argb = reader.argb(row, x);
        int at = 3 * (y * width + x);
        int alpha = argb >>> 24;
        out[at] = overWhite(argb >> 16 & MAX, alpha);
        out[at + 1] = overWhite(argb >> 8 & MAX, alpha);
        out[at + 2] = overWhite(argb & MAX, alpha);
      }
    }
    return Pixels.owning(out, width, image.getHeight(), 3);
  }

  private static byte overWhite(int sample, int alpha) {
    return (byte) ((sample * alpha + MAX * (MAX - alpha) + MAX / 2) / MAX);
  }

  private sealed interface Reader {
    int argb(int[] row, int x);
  }

  private record Palette(IndexColorModel colours) implements Reader {
    @Override
    public int argb(int[] row, int x) {
      return colours.getRGB(row[x]);
    }
  }

  /**
   * Reads samples that are colour values (not palette indices).
   *
   * @param max the largest sample
   */
  private record Components(int bands, boolean grey, boolean alpha, int max) implements Reader {

    static Components of(ColorModel colours, int bands) throws UnreadablePicture {
      boolean alpha = colours.hasAlpha();
      int channels = alpha ? bands - 1 : bands;
      int bits = colours.getComponentSize(0);
      if ((channels != 1 && channels != 3) || bits > Short.SIZE) {
        throw new UnreadablePicture(
            UnreadablePicture.Reason.UNSUPPORTED, "must be grey or RGB, is " + colours);
      }
      return new Components(bands, channels == 1, alpha, (1 << bits) - 1);
    }

    @Override
    public int argb(int[] row, int x) {
      int at = x * bands;
      int opacity = alpha ? eightBits(row[at + bands - 1]) : MAX;
      int red = eightBits(row[at]);
      int green = grey ? red : eightBits(row[at + 1]);
      int blue = grey ? red : eightBits(row[at + 2]);
      return opacity << 24 | red << 16 | green << 8 | blue;
    }

    private int eightBits(int sample) {
      return (int) ((2L * MAX * sample + max) / (2L * max));
    }
  }
}
