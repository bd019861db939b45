package io.darkroom.image;

import com.luciad.imageio.webp.CompressionType;
import com.luciad.imageio.webp.WebPImageWriterSpi;
import com.luciad.imageio.webp.WebPWriteParam;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/**
 * Writes WebP files with libwebp, in one thread: the same picture gives the same bytes. The bytes
 * depend on the version of the library; the pixels of a lossless file do not. WebP has no grey, so
 * a grey picture is written with three equal channels.
 */
public final class WebpWriter {
  /** Maximum width and height of a WebP picture. */
  public static final int MOST_SIDE = 16383;

  /** Speed against size, 0 (fastest) to 6; libwebp's default. */
  private static final int METHOD = 4;

  /** Effort of the lossless compression, 0 (fastest) to 1; libwebp's default. */
  private static final float LOSSLESS_EFFORT = 0.75f;

  private WebpWriter() {}

  /**
   * Returns the WebP file of a picture.
   *
   * @param texts texts to embed in the file
   * @param quality 1 (smallest file) to 100 (best); empty = lossless
   */
  public static byte[] write(Pixels pixels, List<EmbeddedText> texts, OptionalInt quality) {
    return write(pixels, texts, quality, Optional.empty());
  }

  /** Returns the WebP file of a picture with its colour profile, otherwise as {@link #write}. */
  public static byte[] write(
      Pixels pixels, List<EmbeddedText> texts, OptionalInt quality, Optional<IccProfile> profile) {
    if (quality.isPresent() && (quality.getAsInt() < 1 || quality.getAsInt() > 100)) {
      throw new IllegalArgumentException("quality: must be 1 to 100, is " + quality.getAsInt());
    }
    if (Math.max(pixels.width(), pixels.height()) > MOST_SIDE) {
      throw new IllegalArgumentException(
          "width and height: must be at most %d, are %d and %d"
              .formatted(MOST_SIDE, pixels.width(), pixels.height()));
    }
    ImageWriter writer = writer();
    byte[] file =
        EncodedPicture.of(EncodedPicture.color(pixels), writer, settings(writer, quality));
    return WebpContainer.extended(file, pixels.width(), pixels.height(), texts, profile);
  }

  /** Returns the library's writer, not one of those that ImageIO finds on the class path. */
  private static ImageWriter writer() {
    try {
      WebpLibrary.load();
      return new WebPImageWriterSpi().createWriterInstance(null);
    } catch (LinkageError e) {
      throw new IllegalStateException("libwebp cannot be loaded on this system", e);
    }
  }

  private static ImageWriteParam settings(ImageWriter writer, OptionalInt quality) {
    WebPWriteParam param = (WebPWriteParam) writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionType(
        quality.isPresent() ? CompressionType.Lossy : CompressionType.Lossless);
    param.setCompressionQuality(quality.isPresent() ? quality.getAsInt() / 100f : LOSSLESS_EFFORT);
    param.setMethod(METHOD);
    param.setThreadLevel(0);
    return param;
  }
}
