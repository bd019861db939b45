package io.darkroom.demo;

import io.darkroom.image.MalformedNpy;
import io.darkroom.image.Npy;
import io.darkroom.image.Pixels;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * A picture on a contact sheet: small ones are enlarged by whole factors, large ones reduced.
 *
 * @param image the picture, no larger than a cell
 * @param note its size and how it is shown
 */
record Thumbnail(BufferedImage image, String note) {
  private static final int MAX_ELEMENTS = 1 << 26;

  /** Returns the picture of a file; empty for other media, e.g. sounds. */
  static Optional<Thumbnail> of(Path file, String mediaType, int cell) throws IOException {
    BufferedImage picture =
        mediaType.equals("application/x-npy") ? tensor(file) : ImageIO.read(file.toFile());
    return Optional.ofNullable(picture).map(found -> of(found, cell));
  }

  static Thumbnail of(BufferedImage picture, int cell) {
    int side = Math.max(picture.getWidth(), picture.getHeight());
    String size = picture.getWidth() + " × " + picture.getHeight();
    if (side > cell) {
      double factor = (double) cell / side;
      Object smooth = RenderingHints.VALUE_INTERPOLATION_BICUBIC;
      long percent = Math.round(100 * factor);
      return new Thumbnail(scaled(picture, factor, smooth), size + ", shown at " + percent + " %");
    }
    int factor = cell / side;
    Object squares = RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR;
    return new Thumbnail(
        scaled(picture, factor, squares), size + (factor == 1 ? "" : ", shown × " + factor));
  }

  private static BufferedImage scaled(BufferedImage picture, double factor, Object interpolation) {
    int width = Math.max(1, (int) Math.round(picture.getWidth() * factor));
    int height = Math.max(1, (int) Math.round(picture.getHeight() * factor));
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, interpolation);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    return scaled;
  }

  private static @Nullable BufferedImage tensor(Path file) throws IOException {
    Npy npy;
    try {
      npy = Npy.read(Files.readAllBytes(file), MAX_ELEMENTS);
    } catch (MalformedNpy e) {
      throw new DemoFailure(file + ": " + e.getMessage());
    }
    List<Integer> shape = npy.shape();
    boolean picture = shape.size() == 3 && (shape.get(0) == 1 || shape.get(0) == 3);
    return picture
        ? image(Pixels.ofTensor(npy.floats(), shape.get(0), shape.get(1), shape.get(2)))
        : null;
  }

  private static BufferedImage image(Pixels pixels) {
    BufferedImage image =
        new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
    int last = pixels.channels() - 1;
    for (int y = 0; y < pixels.height(); y++) {
      for (int x = 0; x < pixels.width(); x++) {
        int green = pixels.sample(x, y, Math.min(1, last));
        int blue = pixels.sample(x, y, last);
        image.setRGB(x, y, pixels.sample(x, y, 0) << 16 | green << 8 | blue);
      }
    }
    return image;
  }
}
