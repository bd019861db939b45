package io.darkroom.demo;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

/** Pictures in a grid, each with a caption. If the machine has no fonts, there are no captions. */
final class ContactSheet {
  /** Side of a cell. */
  static final int CELL = 256;

  private static final int GAP = 28;
  private static final int MARGIN = 40;
  private static final int HEAD = 92;
  private static final int LINE = 20;
  private static final int CAPTION = 4 * LINE + 10;
  private static final int MOST_COLUMNS = 6;
  private static final int SMALLEST = 10;
  private static final Color PAPER = new Color(0xF4F4F2);
  private static final Color EDGE = new Color(0xD8D8D4);
  private static final Color INK = new Color(0x1C1C1A);
  private static final Color PALE = new Color(0x6E6E68);
  private static final String SANS = Font.SANS_SERIF;

  /**
   * A cell of the sheet.
   *
   * @param captions up to four lines, the first in bold, the last pale
   */
  record Entry(Thumbnail thumbnail, List<String> captions) {
    static Entry of(Picture picture, Thumbnail thumbnail) {
      return new Entry(
          thumbnail,
          List.of(
              picture.name(),
              picture.model() + " · " + picture.sampler(),
              picture.steps() + " steps · seed " + picture.seed(),
              thumbnail.note()));
    }
  }

  private ContactSheet() {}

  /** Draws a sheet of one entry or more. */
  static BufferedImage draw(String title, String subtitle, List<Entry> entries) {
    int columns = columns(entries.size());
    int rows = (entries.size() + columns - 1) / columns;
    int width = 2 * MARGIN + columns * CELL + (columns - 1) * GAP;
    int height = HEAD + MARGIN + rows * (CELL + CAPTION) + (rows - 1) * GAP;
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(PAPER);
    graphics.fillRect(0, 0, width, height);
    boolean words = hasFonts(graphics);
    if (words) {
      int room = width - 2 * MARGIN;
      write(graphics, title, new Font(SANS, Font.BOLD, 24), INK, MARGIN, 46, room);
      write(graphics, subtitle, new Font(SANS, Font.PLAIN, 14), PALE, MARGIN, 68, room);
    }
    for (int i = 0; i < entries.size(); i++) {
      int left = MARGIN + i % columns * (CELL + GAP);
      int top = HEAD + i / columns * (CELL + CAPTION + GAP);
      draw(graphics, entries.get(i), left, top, words);
    }
    graphics.dispose();
    return sheet;
  }

  /** Returns the number of columns with the fewest empty cells; the largest of several. */
  static int columns(int entries) {
    if (entries <= MOST_COLUMNS) {
      return Math.max(1, entries);
    }
    return IntStream.rangeClosed(4, MOST_COLUMNS)
        .boxed()
        .min(
            (a, b) ->
                empty(entries, a) != empty(entries, b)
                    ? empty(entries, a) - empty(entries, b)
                    : b - a)
        .orElseThrow();
  }

  private static int empty(int entries, int columns) {
    return Math.floorMod(-entries, columns);
  }

  private static void draw(Graphics2D graphics, Entry entry, int left, int top, boolean words) {
    graphics.setColor(Color.WHITE);
    graphics.fillRect(left, top, CELL, CELL);
    BufferedImage image = entry.thumbnail().image();
    graphics.drawImage(
        image, left + (CELL - image.getWidth()) / 2, top + (CELL - image.getHeight()) / 2, null);
    graphics.setColor(EDGE);
    graphics.drawRect(left - 1, top - 1, CELL + 1, CELL + 1);
    for (int i = 0; words && i < entry.captions().size(); i++) {
      Font font = new Font(SANS, i == 0 ? Font.BOLD : Font.PLAIN, i == 0 ? 15 : 13);
      Color colour = i == 3 ? PALE : INK;
      int baseline = top + CELL + (i + 1) * LINE + 4;
      write(graphics, entry.captions().get(i), font, colour, left, baseline, CELL);
    }
  }

  private static void write(
      Graphics2D graphics, String text, Font font, Color colour, int left, int baseline, int room) {
    graphics.setFont(font);
    graphics.setColor(colour);
    String shown = text;
    while (graphics.getFontMetrics().stringWidth(shown) > room) {
      int size = graphics.getFont().getSize();
      if (size > SMALLEST) {
        graphics.setFont(graphics.getFont().deriveFont(size - 1f));
      } else {
        shown = shown.substring(0, shown.length() - 2) + "…";
      }
    }
    graphics.drawString(shown, left, baseline);
  }

  private static boolean hasFonts(Graphics2D graphics) {
    try {
      return graphics.getFontMetrics(new Font(SANS, Font.PLAIN, 13)).stringWidth("x") > 0;
    } catch (RuntimeException | LinkageError | InternalError noFonts) {
      return false;
    }
  }
}
