package io.darkroom.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads PNG and JPEG files from untrusted sources. The first bytes determine the format. The
 * structure and the size are checked before a decoder sees the file, and the decoder receives only
 * the parts that the pixels need.
 *
 * <p>The result is always RGB: grey is copied to three channels, transparent pixels are blended
 * with white, 16 bits are rounded to 8, colour profiles are ignored, and the Exif orientation is
 * applied. CMYK is not supported. Safe for use by many threads.
 *
 * <p>Memory: see {@link PictureHeader#readingBytes}.
 */
public final class PictureReader {
  private final long maxPixels;
  private final long maxBytes;

  /**
   * Creates a reader with limits.
   *
   * @param maxPixels maximum width times height of a picture
   * @param maxBytes maximum length of a file
   */
  public PictureReader(long maxPixels, long maxBytes) {
    this.maxPixels = maxPixels;
    this.maxBytes = maxBytes;
  }

  /**
   * Reads the picture in a file.
   *
   * @throws UnreadablePicture if the file is not a complete picture within the limits
   */
  public Pixels read(byte[] file) throws UnreadablePicture {
    if (file.length > maxBytes) {
      throw UnreadablePicture.tooLarge("must be at most " + maxBytes + " bytes, is " + file.length);
    }
    BareFile bare = bare(file);
    new PictureHeader(bare.format(), bare.width(), bare.height()).check(maxPixels);
    return bare.orientation().upright(decode(bare));
  }

  private static BareFile bare(byte[] file) throws UnreadablePicture {
    if (MagicBytes.isPng(file)) {
      return PngChunks.parse(file).bare();
    }
    if (MagicBytes.isJpeg(file)) {
      return JpegSegments.bare(file);
    }
    throw new UnreadablePicture(UnreadablePicture.Reason.UNSUPPORTED, "must be a PNG or JPEG file");
  }

  private static Pixels decode(BareFile bare) throws UnreadablePicture {
    ImageReader reader = ImageIO.getImageReadersByFormatName(bare.format()).next();
    return decode(reader, bare.stream(), bare.format(), OpaqueRgb::of);
  }

  /** Converts a decoded picture. */
  @FunctionalInterface
  interface Conversion<T> {
    T of(BufferedImage image) throws UnreadablePicture;
  }

  /**
   * Decodes a picture in memory with a reader, which is disposed.
   *
   * @param format name of the format, for the message
   * @throws UnreadablePicture if the decoder warns or fails
   */
  static <T> T decode(ImageReader reader, InputStream file, String format, Conversion<T> conversion)
      throws UnreadablePicture {
    Warnings warnings = new Warnings();
    try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(file)) {
      reader.addIIOReadWarningListener(warnings);
      reader.setInput(in, true, true);
      BufferedImage image = reader.read(0);
      if (warnings.first().isPresent()) {
        throw UnreadablePicture.damaged("is damaged: " + warnings.first().get());
      }
      return conversion.of(image);
    } catch (IOException | RuntimeException e) {
      // The platform's decoders throw many kinds of runtime exceptions for damaged files.
      UnreadablePicture damaged = UnreadablePicture.damaged("cannot be decoded as " + format);
      damaged.initCause(e);
      throw damaged;
    } finally {
      reader.dispose();
    }
  }
}
