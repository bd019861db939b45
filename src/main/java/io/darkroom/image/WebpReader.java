package io.darkroom.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads WebP files that a worker wrote, for checks of stored results. The decoder is plain Java, so
 * that a damaged file cannot end the process. It is not for pictures of requests: a small file can
 * make the decoder allocate much memory.
 */
final class WebpReader {
  private WebpReader() {}

  /**
   * Reads the picture in a file.
   *
   * @param maxPixels maximum width times height of a picture
   * @throws UnreadablePicture if the file is not a complete still picture without transparency
   */
  static Pixels read(byte[] file, long maxPixels) throws UnreadablePicture {
    WebpFrame frame = WebpFrame.of(file);
    new PictureHeader("webp", frame.width(), frame.height()).check(maxPixels);
    ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
    byte[] bare = frame.bare();
    Warnings warnings = new Warnings();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bare))) {
      reader.addIIOReadWarningListener(warnings);
      reader.setInput(in, true, true);
      BufferedImage image = reader.read(0);
      if (warnings.first().isPresent()) {
        throw UnreadablePicture.damaged("is damaged: " + warnings.first().get());
      }
      return OpaqueRgb.of(image);
    } catch (IOException | RuntimeException e) {
      UnreadablePicture damaged = UnreadablePicture.damaged("cannot be decoded as webp");
      damaged.initCause(e);
      throw damaged;
    } finally {
      reader.dispose();
    }
  }
}
