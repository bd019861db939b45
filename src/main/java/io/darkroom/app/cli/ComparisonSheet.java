package io.darkroom.app.cli;

import io.darkroom.image.Pixels;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Draws pictures of a first and a second render side by side, with their difference. The pictures
 * with the lowest PSNR come first.
 */
final class ComparisonSheet {
  /** Maximum number of pairs. */
  static final int ROWS = 12;

  private static final int COLUMNS = 3;
  private static final int TILE = 192;
  private static final int GAP = 12;
  private static final int CAPTION = 22;
  private static final int HEADER = 28;

  /** Factor by which differences are enlarged. */
  private static final int GAIN = 8;

  private static final int WIDTH = GAP + COLUMNS * (TILE + GAP);
  private static final List<String> TITLES = List.of("stored", "candidate", "difference x " + GAIN);

  private ComparisonSheet() {}

  /** Writes a PNG file. */
  static void write(List<ComparedPictures> pairs, Path file) throws IOException {
    List<ComparedPictures> shown =
        pairs.stream()
            .sorted((a, b) -> Double.compare(a.difference().psnr(), b.difference().psnr()))
            .limit(ROWS)
            .toList();
    int height = HEADER + shown.size() * (TILE + CAPTION + GAP);
    BufferedImage sheet = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    try {
      draw(graphics, shown, height);
    } finally {
      graphics.dispose();
    }
    ImageIO.write(sheet, "png", file.toFile());
  }

  private static void draw(Graphics2D graphics, List<ComparedPictures> shown, int height) {
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, WIDTH, height);
    graphics.setColor(Color.DARK_GRAY);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    for (int column = 0; column < COLUMNS; column++) {
      graphics.drawString(TITLES.get(column), left(column), HEADER - GAP);
    }
    int top = HEADER;
    for (ComparedPictures pair : shown) {
      drawTile(graphics, picture(pair.first()), 0, top);
      drawTile(graphics, picture(pair.second()), 1, top);
      drawTile(graphics, difference(pair.first(), pair.second()), 2, top);
      graphics.drawString(caption(pair), left(0), top + TILE + CAPTION - GAP / 2);
      top += TILE + CAPTION + GAP;
    }
  }

  private static int left(int column) {
    return GAP + column * (TILE + GAP);
  }

  private static void drawTile(Graphics2D graphics, BufferedImage picture, int column, int top) {
    double scale = (double) TILE / Math.max(picture.getWidth(), picture.getHeight());
    int width = (int) Math.max(1, Math.round(scale * picture.getWidth()));
    int height = (int) Math.max(1, Math.round(scale * picture.getHeight()));
    graphics.drawImage(picture, left(column), top, width, height, null);
  }

  private static String caption(ComparedPictures pair) {
    return String.format(
        Locale.ROOT,
        "%s: PSNR %.1f dB, largest difference %.0f of 255",
        pair.name(),
        pair.difference().psnr(),
        pair.difference().largest());
  }

  private static BufferedImage picture(Pixels pixels) {
    return draw(pixels.width(), pixels.height(), pixels.toBytes());
  }

  private static BufferedImage difference(Pixels first, Pixels second) {
    byte[] a = first.toBytes();
    byte[] b = second.toBytes();
    byte[] difference = new byte[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = (byte) Math.min(255, GAIN * Math.abs((a[i] & 0xff) - (b[i] & 0xff)));
    }
    return draw(first.width(), first.height(), difference);
  }

  private static BufferedImage draw(int width, int height, byte[] samples) {
    int channels = samples.length / (width * height);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      int red = samples[i * channels] & 0xff;
      int green = samples[i * channels + (channels > 1 ? 1 : 0)] & 0xff;
      int blue = samples[i * channels + (channels > 1 ? 2 : 0)] & 0xff;
      image.setRGB(i % width, i / width, (red << 16) | (green << 8) | blue);
    }
    return image;
  }
}
