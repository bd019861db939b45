package io.darkroom.image;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/** Writes baseline JPEG files through the platform's encoder. */
public final class JpegWriter {

  private JpegWriter() {}

  /**
   * Returns the JPEG file of a picture.
   *
   * @param texts texts to embed in the file
   * @param quality 1 (smallest file) to 100 (best)
   */
  public static byte[] write(Pixels pixels, List<EmbeddedText> texts, int quality) {
    return write(pixels, texts, quality, Optional.empty());
  }

  /** Returns the JPEG file of a picture with its colour profile, otherwise as {@link #write}. */
  public static byte[] write(
      Pixels pixels, List<EmbeddedText> texts, int quality, Optional<IccProfile> profile) {
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("quality: must be 1 to 100, is " + quality);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam settings = writer.getDefaultWriteParam();
    settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    settings.setCompressionQuality(quality / 100f);
    BufferedImage image =
        pixels.channels() == 1 ? EncodedPicture.grey(pixels) : EncodedPicture.color(pixels);
    byte[] file = EncodedPicture.of(image, writer, settings);
    byte[] described = withSegments(file, JpegTexts.segments(texts));
    return profile.map(each -> withSegments(described, each.jpegSegments())).orElse(described);
  }

  /** Inserts segments after the JFIF segment, which must be first. */
  private static byte[] withSegments(byte[] file, byte[] segments) {
    int at = 2 + 2 + (((file[4] & 0xff) << 8) | (file[5] & 0xff));
    return ByteBuffer.allocate(file.length + segments.length)
        .put(file, 0, at)
        .put(segments)
        .put(file, at, file.length - at)
        .array();
  }
}
