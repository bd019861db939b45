package io.darkroom.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads PNG and JPEG files that may come from anywhere. What a file is, its first bytes say. Its
 * structure is walked and its size checked before a decoder sees it; the decoder sees only what the
 * pixels need.
 *
 * <p>The result is always RGB: grey is taken three times, what is transparent is laid over white,
 * 16 bits are rounded to 8, colour profiles are not applied, and the picture is turned as its Exif
 * orientation says. CMYK is not read. Safe for use by many threads.
 *
 * <p>Memory: see {@link PictureHeader#readingBytes}.
 */
public final class PictureReader {
  private final long maxPixels;
  private final long maxBytes;

  /**
   * A reader with limits.
   *
   * @param maxPixels of the picture, width times height
   * @param maxBytes of the file
   */
  public PictureReader(long maxPixels, long maxBytes) {
    this.maxPixels = maxPixels;
    this.maxBytes = maxBytes;
  }

  /**
   * The picture in a file.
   *
   * @throws UnreadablePicture for anything that is not a whole picture within the limits
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
    if (PngChunks.hasSignature(file)) {
      return PngChunks.parse(file).bare();
    }
    if (JpegSegments.hasSignature(file)) {
      return JpegSegments.bare(file);
    }
    throw new UnreadablePicture(UnreadablePicture.Reason.UNSUPPORTED, "must be a PNG or JPEG file");
  }

  private static Pixels decode(BareFile bare) throws UnreadablePicture {
    ImageReader reader = ImageIO.getImageReadersByFormatName(bare.format()).next();
    Warnings warnings = new Warnings();
    try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(bare.stream())) {
      reader.addIIOReadWarningListener(warnings);
      reader.setInput(in, true, true);
      BufferedImage image = reader.read(0);
      if (warnings.first().isPresent()) {
        throw UnreadablePicture.damaged("is damaged: " + warnings.first().get());
      }
      return OpaqueRgb.of(image);
    } catch (IOException | RuntimeException e) {
      // The platform's decoders let runtime exceptions of many kinds out for damaged files.
      UnreadablePicture damaged =
          UnreadablePicture.damaged("cannot be decoded as " + bare.format());
      damaged.initCause(e);
      throw damaged;
    } finally {
      reader.dispose();
    }
  }
}
