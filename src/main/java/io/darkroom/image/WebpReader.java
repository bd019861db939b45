package io.darkroom.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.ByteArrayInputStream;
import javax.imageio.ImageReader;

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
    new PictureHeader("webp", frame.width(), frame.height(), Byte.SIZE).check(maxPixels);
    ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
    return PictureReader.decode(
        reader,
        new ByteArrayInputStream(frame.bare()),
        "webp",
        image -> DecodedPicture.overWhite(image, DecodedPicture.RGB, 1).pixels());
  }
}
