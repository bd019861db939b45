package io.darkroom.image;

import java.awt.image.Raster;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** Reads the samples of PNG files with 16 bits per channel, grey or RGB, as numbers. */
public final class DeepPngReader {
  private DeepPngReader() {}

  /**
   * Returns the samples, {@code [channels, height, width]}, 0 to 65535; empty if the file is of
   * another kind.
   *
   * @param maxPixels maximum width times height of a picture
   * @throws UnreadablePicture if the file is a PNG file that is damaged or too large
   */
  public static Optional<float[]> read(byte[] file, long maxPixels) throws UnreadablePicture {
    if (!MagicBytes.isPng(file)) {
      return Optional.empty();
    }
    PngChunks png = PngChunks.parse(file);
    boolean opaque = png.chunks().stream().noneMatch(chunk -> chunk.type().equals("tRNS"));
    boolean plain = png.color() == PngWriter.COLOR_GREY || png.color() == PngWriter.COLOR_RGB;
    if (png.bits() != Short.SIZE || !opaque || !plain) {
      return Optional.empty();
    }
    BareFile bare = png.bare();
    new PictureHeader(bare.format(), bare.width(), bare.height(), Short.SIZE).check(maxPixels);
    ImageReader reader = ImageIO.getImageReadersByFormatName(bare.format()).next();
    return Optional.of(
        PictureReader.decode(
            reader, bare.stream(), bare.format(), image -> planes(image.getRaster())));
  }

  private static float[] planes(Raster raster) {
    int width = raster.getWidth();
    int plane = width * raster.getHeight();
    float[] values = new float[Math.multiplyExact(plane, raster.getNumBands())];
    int[] row = new int[width];
    for (int band = 0; band < raster.getNumBands(); band++) {
      for (int y = 0; y < raster.getHeight(); y++) {
        raster.getSamples(0, y, width, 1, band, row);
        for (int x = 0; x < width; x++) {
          values[band * plane + y * width + x] = row[x];
        }
      }
    }
    return values;
  }
}
