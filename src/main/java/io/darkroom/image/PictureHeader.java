package io.darkroom.image;

import java.util.Optional;

/**
 * What the first bytes of a picture file say of it.
 *
 * @param format as ImageIO names it, {@code png} or {@code jpeg}
 * @param width columns of the upright picture, or its rows where the Exif orientation stands behind
 *     the pixels and turns it
 * @param height rows, or columns
 */
public record PictureHeader(String format, int width, int height) {
  /** The file, its pixels' part of it, grown and copied, and what the decoder keeps of that. */
  private static final int FILES = 4;

  /** Decoded 8 at most, as RGB 3, turned upright 3, as a tensor 12. */
  private static final int BYTES_PER_PIXEL = 26;

  /** Tables and buffers of the decoders. */
  private static final long DECODER = 1 << 19;

  /**
   * The header of a file, from its beginning; empty where more of it is needed.
   *
   * @throws UnreadablePicture where it is no PNG or JPEG file, or is damaged so far
   */
  public static Optional<PictureHeader> of(byte[] begin) throws UnreadablePicture {
    if (PngChunks.hasSignature(begin)) {
      return PngChunks.header(begin);
    }
    if (JpegSegments.hasSignature(begin)) {
      return JpegSegments.header(begin);
    }
    throw new UnreadablePicture(UnreadablePicture.Reason.UNSUPPORTED, "must be a PNG or JPEG file");
  }

  static PictureHeader upright(String format, int width, int height, Orientation orientation) {
    return orientation.transposed()
        ? new PictureHeader(format, height, width)
        : new PictureHeader(format, width, height);
  }

  /**
   * Bytes of the Java heap that reading such a file and making a tensor of it allocates in all, the
   * file included: more than is held at any time.
   */
  public long readingBytes(long fileBytes) {
    return FILES * fileBytes + BYTES_PER_PIXEL * pixels() + DECODER;
  }

  /**
   * Refuses a picture without pixels or with too many.
   *
   * @throws UnreadablePicture where it has
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
