package io.darkroom.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads PNG and JPEG files from untrusted sources. The first bytes determine the format. The
 * structure and the size are checked before a decoder sees the file, and the decoder receives only
 * the parts that the pixels need.
 *
 * <p>By default the result is RGB with 8 bits: grey is copied to three channels, transparent pixels
 * are blended with white, and 16 bits are rounded to 8. Colour profiles are never applied, and the
 * Exif orientation always is. CMYK is not supported. Safe for use by many threads.
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
    return decode(checked(file), image -> DecodedPicture.overWhite(image, DecodedPicture.RGB, 1))
        .pixels();
  }

  /**
   * Reads the picture in a file with its opacity and its colour profile.
   *
   * @param channels 1 or 3
   * @param deep whether its samples are read with 16 bits instead of 8
   * @throws UnreadablePicture if the file is not a complete picture within the limits
   */
  public SourcePicture readSource(byte[] file, int channels, boolean deep)
      throws UnreadablePicture {
    int sampleBytes = deep ? Short.BYTES : 1;
    BareFile bare = checked(file);
    DecodedPicture decoded =
        decode(bare, image -> DecodedPicture.overWhite(image, channels, sampleBytes));
    return new SourcePicture(decoded, bare.profile());
  }

  /**
   * Reads a PNG file with transparency: grey or RGB as stored, followed by the opacity. Returns
   * empty for other files.
   *
   * @throws UnreadablePicture if it is a PNG file, but not a complete picture within the limits
   */
  Optional<Pixels> readTransparent(byte[] file) throws UnreadablePicture {
    if (!MagicBytes.isPng(file)) {
      return Optional.empty();
    }
    checkLength(file);
    PngChunks png = PngChunks.parse(file);
    boolean rgb = png.color() == PngWriter.COLOR_RGB_ALPHA;
    if (!rgb && png.color() != PngWriter.COLOR_GREY_ALPHA) {
      return Optional.empty();
    }
    int channels = rgb ? DecodedPicture.RGB : DecodedPicture.GREY;
    DecodedPicture decoded =
        decode(checked(png.bare()), image -> DecodedPicture.straight(image, channels));
    return Optional.of(decoded.withOpacity());
  }

  private BareFile checked(byte[] file) throws UnreadablePicture {
    checkLength(file);
    return checked(bare(file));
  }

  private void checkLength(byte[] file) throws UnreadablePicture {
    if (file.length > maxBytes) {
      throw UnreadablePicture.tooLarge("must be at most " + maxBytes + " bytes, is " + file.length);
    }
  }

  private BareFile checked(BareFile bare) throws UnreadablePicture {
    new PictureHeader(bare.format(), bare.width(), bare.height(), Byte.SIZE).check(maxPixels);
    return bare;
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

  private static DecodedPicture decode(BareFile bare, Conversion<DecodedPicture> conversion)
      throws UnreadablePicture {
    ImageReader reader = ImageIO.getImageReadersByFormatName(bare.format()).next();
    return decode(reader, bare.stream(), bare.format(), conversion).upright(bare.orientation());
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
