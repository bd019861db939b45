package io.darkroom.image;

import java.util.Optional;

/**
 * Format and size of a picture, read from the first bytes of its file.
 *
 * @param format name of the format in ImageIO, {@code png} or {@code jpeg}
 * @param width columns of the upright picture; its rows if an Exif orientation after the pixels
 *     rotates the picture
 * @param height rows of the upright picture, or its columns in the same case
 * @param bits 16 if samples have 16 bits, else 8
 */
public record PictureHeader(String format, int width, int height, int bits) {
  /**
   * Copies of the file on the heap: the file, its reduced form while it grows and as a copy, and
   * the decoder's buffer.
   */
  private static final int FILES = 4;

  /** Bytes of a decoded pixel, at most: four samples of 16 bits. */
  private static final int DECODED = 8;

  /** Bytes of the decoders' tables and buffers. */
  private static final long DECODER = 1 << 19;

  /**
   * Reads a header from the beginning of a file; empty if more bytes are needed.
   *
   * @throws UnreadablePicture if it is not a PNG or JPEG file, or if these bytes are damaged
   */
  public static Optional<PictureHeader> of(byte[] begin) throws UnreadablePicture {
    if (MagicBytes.isPng(begin)) {
      return PngChunks.header(begin);
    }
    if (MagicBytes.isJpeg(begin)) {
      return JpegSegments.header(begin);
    }
    throw new UnreadablePicture(UnreadablePicture.Reason.UNSUPPORTED, "must be a PNG or JPEG file");
  }

  static PictureHeader upright(
      String format, int width, int height, int bits, Orientation orientation) {
    return orientation.transposed()
        ? new PictureHeader(format, height, width, bits)
        : new PictureHeader(format, width, height, bits);
  }

  /**
   * Returns the bytes of the Java heap that are allocated in total to read the file and convert it
   * to a tensor, including the file. This is an upper bound of the memory used at any time.
   *
   * @param channels channels as which it is read, 1 or 3
   * @param deep whether samples are read with 16 bits
   */
  public long readingBytes(long fileBytes, int channels, boolean deep) {
    int samples = channels * (deep ? Short.BYTES : 1) + 1; // with its opacity
    long perPixel = DECODED + 2L * samples + (long) Float.BYTES * channels; // stored and upright
    return FILES * fileBytes + perPixel * pixels() + DECODER;
  }

  /**
   * Refuses a picture without pixels or with too many.
   *
   * @throws UnreadablePicture if the picture is refused
   */
  public void check(long maxPixels) throws UnreadablePicture {
    if (width < 1 || height < 1) {
      throw UnreadablePicture.damaged("must have pixels, is " + width + " x " + height);
    }
    if (pixels() > maxPixels) {
      throw UnreadablePicture.tooLarge(
          "must have at most %d pixels, is %d x %d".formatted(maxPixels, width, height));
    }
  }

  private long pixels() {
    return (long) width * height;
  }
}
