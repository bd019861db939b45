package io.darkroom.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

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
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("quality: must be 1 to 100, is " + quality);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality / 100f);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image(pixels), null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    } finally {
      writer.dispose();
    }
    return withTexts(out.toByteArray(), JpegTexts.segments(texts));
  }

  /** Inserts segments after the JFIF segment, which must be first. */
  private static byte[] withTexts(byte[] file, byte[] segments) {
    int at = 2 + 2 + (((file[4] & 0xff) << 8) | (file[5] & 0xff));
    return ByteBuffer.allocate(file.length + segments.length)
        .put(file, 0, at)
        .put(segments)
        .put(file, at, file.length - at)
        .array();
  }

  private static BufferedImage image(Pixels pixels) {
    boolean grey = pixels.channels() == 1;
    BufferedImage image =
        new BufferedImage(
            pixels.width(),
            pixels.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    byte[] samples = pixels.samples();
    byte[] data = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < samples.length; i++) {
      // BGR: swap the first and the third of every three samples.
      data[grey ? i : i + 2 - 2 * (i % 3)] = samples[i];
    }
    return image;
  }
}
