package io.darkroom.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * How to transform a stored picture so that it is upright (Exif 2.3, tag 0112h).
 *
 * @param transposed whether rows become columns, before any flip
 * @param flippedX whether the stored columns run from right to left
 * @param flippedY whether the stored rows run from bottom to top
 */
record Orientation(boolean transposed, boolean flippedX, boolean flippedY) {

  static final Orientation UPRIGHT = new Orientation(false, false, false);

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  /** Returns the orientation with Exif's number; upright if the number is not 1 to 8. */
  static Orientation numbered(int number) {
    if (number < 1 || number > 8) {
      return UPRIGHT;
    }
    boolean flippedX = number == 2 || number == 3 || number == 7 || number == 8;
    boolean flippedY = number == 3 || number == 4 || number == 6 || number == 7;
    return new Orientation(number >= 5, flippedX, flippedY);
  }

  /**
   * Reads the orientation from the first directory of an Exif block; upright if it is missing or
   * damaged.
   */
  static Orientation ofExif(ByteBuffer exif) {
    if (exif.limit() < 8) {
      return UPRIGHT;
    }
    String order = new String(new byte[] {exif.get(0), exif.get(1)}, StandardCharsets.ISO_8859_1);
    exif.order(order.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = exif.getInt(4) & 0xffffffffL;
    if (directory > exif.limit() - 2) {
      return UPRIGHT;
    }
    int first = (int) directory + 2;
    int entries = exif.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries && first + (i + 1) * ENTRY_BYTES <= exif.limit(); i++) {
      int at = first + i * ENTRY_BYTES;
      if (exif.getShort(at) == TAG && exif.getShort(at + 2) == SHORT) {
        return numbered(exif.getShort(at + 8));
      }
    }
    return UPRIGHT;
  }

  /**
   * Returns the pixels in upright orientation, in a new array.
   *
   * @param stored {@code [height, width, pixelBytes]}; read only
   * @param width columns of the stored picture
   * @param height rows of the stored picture
   */
  byte[] upright(byte[] stored, int width, int height, int pixelBytes) {
    int columns = transposed ? height : width;
    byte[] upright = new byte[stored.length];
    for (int at = 0; at < stored.length; at += pixelBytes) {
      int x = at / pixelBytes % columns;
      int y = at / pixelBytes / columns;
      int column = transposed ? y : x;
      int row = transposed ? x : y;
      int from =
          (flippedY ? height - 1 - row : row) * width + (flippedX ? width - 1 - column : column);
      System.arraycopy(stored, from * pixelBytes, upright, at, pixelBytes);
    }
    return upright;
  }
}
