package io.darkroom.demo;

import io.darkroom.image.MalformedNpy;
import io.darkroom.image.MalformedWav;
import io.darkroom.image.Npy;
import io.darkroom.image.Pixels;
import io.darkroom.image.Wav;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * A result on a contact sheet: small pictures are enlarged by whole factors, large ones reduced. A
 * sound is shown as its waveform, a vector of many numbers as its histogram.
 *
 * @param image the picture, no larger than a cell
 * @param note the size of the result and how it is shown
 */
record Thumbnail(BufferedImage image, String note) {
  private static final int MAX_ELEMENTS = 1 << 26;
  private static final int BINS = 64;

  /** Returns the picture of a file; empty for media that cannot be shown. */
  static Optional<Thumbnail> of(Path file, String mediaType, int cell) throws IOException {
    return switch (mediaType) {
      case Npy.MEDIA_TYPE -> tensor(file, cell);
      case Wav.MEDIA_TYPE -> Optional.of(sound(file, cell));
      default -> Optional.ofNullable(ImageIO.read(file.toFile())).map(found -> of(found, cell));
    };
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

  private static Optional<Thumbnail> tensor(Path file, int cell) throws IOException {
    Npy npy = npy(file);
    List<Integer> shape = npy.shape();
    if (shape.size() == 1 && shape.get(0) >= BINS) {
      BufferedImage histogram = Plot.histogram(npy.floats(), BINS, cell);
      return Optional.of(new Thumbnail(histogram, shape.get(0) + " numbers, their histogram"));
    }
    boolean picture = shape.size() == 3 && (shape.get(0) == 1 || shape.get(0) == 3);
    if (!picture) {
      return Optional.empty();
    }
    Pixels pixels = Pixels.ofTensor(npy.floats(), shape.get(0), shape.get(1), shape.get(2));
    return Optional.of(of(image(pixels), cell));
  }

  private static Npy npy(Path file) throws IOException {
    try {
      return Npy.read(Files.readAllBytes(file), MAX_ELEMENTS);
    } catch (MalformedNpy e) {
      throw new DemoFailure(file + ": " + e.getMessage());
    }
  }

  private static Thumbnail sound(Path file, int cell) throws IOException {
    try {
      double[] samples = Wav.samples(Files.readAllBytes(file));
      AudioFormat format = AudioSystem.getAudioFileFormat(file.toFile()).getFormat();
      double seconds = (double) samples.length / format.getChannels() / format.getFrameRate();
      String note = String.format(Locale.ROOT, "%.2f s at %.0f Hz", seconds, format.getFrameRate());
      return new Thumbnail(Plot.waveform(samples, format.getChannels(), cell), note);
    } catch (MalformedWav | UnsupportedAudioFileException e) {
      throw new DemoFailure(file + ": " + e.getMessage());
    }
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
