package io.darkroom.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes pictures with writers of ImageIO. */
final class EncodedPicture {

  private EncodedPicture() {}

  /** Returns the file of an image, and disposes of the writer. */
  static byte[] of(BufferedImage image, ImageWriter writer, ImageWriteParam settings) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), settings);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** Returns the image in three channels; those of a grey picture are equal. */
  static BufferedImage color(Pixels pixels) {
    boolean grey = pixels.channels() == 1;
    byte[] samples = pixels.samples();
    BufferedImage image = image(pixels, BufferedImage.TYPE_3BYTE_BGR);
    byte[] data = data(image);
    for (int i = 0; i < data.length; i++) {
      // BGR: the first and the third of every three samples change places.
      data[i] = samples[grey ? i / 3 : i + 2 - 2 * (i % 3)];
    }
    return image;
  }

  /** Returns the image of a picture with one channel. */
  static BufferedImage grey(Pixels pixels) {
    BufferedImage image = image(pixels, BufferedImage.TYPE_BYTE_GRAY);
    System.arraycopy(pixels.samples(), 0, data(image), 0, pixels.samples().length);
    return image;
  }

  private static BufferedImage image(Pixels pixels, int type) {
    return new BufferedImage(pixels.width(), pixels.height(), type);
  }

  private static byte[] data(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }
}
