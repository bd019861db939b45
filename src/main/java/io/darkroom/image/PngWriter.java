package io.darkroom.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes PNG files (W3C PNG, second edition): 8 or 16 bits, filter Up in every row, texts before
 * the pixels. The bytes depend on the platform's zlib; the pixels do not.
 */
public final class PngWriter {
  static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private static final byte FILTER_UP = 2;
  static final byte COLOR_GREY = 0;
  static final byte COLOR_RGB = 2;
  static final byte COLOR_GREY_ALPHA = 4;
  static final byte COLOR_RGB_ALPHA = 6;
  private static final byte[] COLORS = {COLOR_GREY, COLOR_GREY_ALPHA, COLOR_RGB, COLOR_RGB_ALPHA};
  private static final int HEADER_BYTES = 13;
  private static final int BUFFER = 1 << 16;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER);

  PngWriter() {}

  /** Writes the signature, the header and the texts. */
  void begin(byte[] header, List<EmbeddedText> texts) {
    out.writeBytes(SIGNATURE);
    chunk("IHDR", header);
    texts.forEach(this::text);
  }

  /** Writes the end and returns the file. */
  byte[] end() {
    chunk("IEND", new byte[0]);
    return out.toByteArray();
  }

  /**
   * Returns the PNG file of a picture.
   *
   * @param texts written as {@code tEXt} if Latin-1 can hold them, else as {@code iTXt} (UTF-8);
   *     {@link Xmp} always as {@code iTXt}
   * @param level compression level, 0 (none) to 9
   */
  public static byte[] write(Pixels pixels, List<EmbeddedText> texts, int level) {
    return write(pixels, texts, level, Optional.empty());
  }

  /** Returns the PNG file of a picture with its colour profile, otherwise as {@link #write}. */
  public static byte[] write(
      Pixels pixels, List<EmbeddedText> texts, int level, Optional<IccProfile> profile) {
    byte[] header = header(pixels.width(), pixels.height(), Byte.SIZE, pixels.channels());
    return write(header, data(pixels, level), texts, profile);
  }

  /** Returns the PNG file of a picture with 16 bits, otherwise as {@link #write}. */
  public static byte[] write(
      DeepPixels pixels, List<EmbeddedText> texts, int level, Optional<IccProfile> profile) {
    byte[] header = header(pixels.width(), pixels.height(), Short.SIZE, pixels.channels());
    int row = Short.BYTES * pixels.width() * pixels.channels();
    byte[] data = compressed(filtered(pixels.samples(), row, pixels.height()), level);
    return write(header, data, texts, profile);
  }

  private static byte[] write(
      byte[] header, byte[] data, List<EmbeddedText> texts, Optional<IccProfile> profile) {
    PngWriter writer = new PngWriter();
    writer.begin(header, texts);
    profile.ifPresent(each -> writer.chunk("iCCP", each.pngChunk()));
    writer.chunk("IDAT", data);
    return writer.end();
  }

  static byte[] header(int width, int height, int bits, int channels) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .putInt(width)
        .putInt(height)
        .put((byte) bits)
        .put(COLORS[channels - 1])
        .array();
  }

  private void text(EmbeddedText text) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(text.keyword().getBytes(StandardCharsets.ISO_8859_1));
    data.write(0);
    if (text.plain() && !Xmp.is(text)) {
      data.writeBytes(text.text().getBytes(StandardCharsets.ISO_8859_1));
      chunk("tEXt", data.toByteArray());
    } else {
      // Not compressed, no language, no translated keyword.
      data.writeBytes(new byte[] {0, 0, 0, 0});
      data.writeBytes(text.text().getBytes(StandardCharsets.UTF_8));
      chunk("iTXt", data.toByteArray());
    }
  }

  /**
   * @param row bytes of a row
   */
  private static byte[] filtered(byte[] samples, int row, int height) {
    byte[] filtered = new byte[Math.multiplyExact(row + 1, height)];
    for (int y = 0; y < height; y++) {
      int from = y * row;
      int to = y * (row + 1) + 1;
      filtered[to - 1] = FILTER_UP;
      if (y == 0) {
        System.arraycopy(samples, 0, filtered, to, row);
        continue;
      }
      for (int i = 0; i < row; i++) {
        filtered[to + i] = (byte) (samples[from + i] - samples[from - row + i]);
      }
    }
    return filtered;
  }

  static byte[] compressed(byte[] data, int level) {
    if (level < Deflater.NO_COMPRESSION || level > Deflater.BEST_COMPRESSION) {
      throw new IllegalArgumentException("level: must be 0 to 9, is " + level);
    }
    Deflater deflater = new Deflater(level);
    try {
      deflater.setInput(data);
      deflater.finish();
      ByteArrayOutputStream compressed = new ByteArrayOutputStream(BUFFER);
      byte[] buffer = new byte[BUFFER];
      while (!deflater.finished()) {
        compressed.write(buffer, 0, deflater.deflate(buffer));
      }
      return compressed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /** Returns the compressed rows of a picture. */
  static byte[] data(Pixels pixels, int level) {
    int row = pixels.width() * pixels.channels();
    return compressed(filtered(pixels.samples(), row, pixels.height()), level);
  }

  void chunk(String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(name);
    out.writeBytes(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
