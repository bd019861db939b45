package io.darkroom.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Exif metadata with one text, UserComment, where picture tools look for the parameters. */
final class ExifComment {
  /** The keyword of the text that becomes Exif's UserComment. */
  static final String KEYWORD = "parameters";

  private static final byte[] UNICODE = "UNICODE\0".getBytes(StandardCharsets.US_ASCII);
  private static final int ENTRY_BYTES = 12;
  private static final int DIRECTORY = 8 + 2 + ENTRY_BYTES + 4;
  private static final int VALUE = DIRECTORY + 2 + 2 * ENTRY_BYTES + 4;

  private ExifComment() {}

  /** Returns the length of the metadata of a text. */
  static long bytes(String text) {
    return VALUE + UNICODE.length + 2L * text.length();
  }

  /**
   * Returns the TIFF header, a directory with a pointer to the Exif directory, and the Exif
   * directory (Exif 2.32, section 4.6).
   */
  static byte[] of(String text) {
    byte[] characters = text.getBytes(StandardCharsets.UTF_16BE);
    ByteBuffer tiff = ByteBuffer.allocate(VALUE + UNICODE.length + characters.length);
    tiff.put(new byte[] {'M', 'M', 0, 42}).putInt(8);
    tiff.putShort((short) 1);
    entry(tiff, 0x8769, 4, 1).putInt(DIRECTORY);
    tiff.putInt(0);
    tiff.putShort((short) 2);
    entry(tiff, 0x9000, 7, 4).put(new byte[] {'0', '2', '3', '2'});
    entry(tiff, 0x9286, 7, UNICODE.length + characters.length).putInt(VALUE);
    tiff.putInt(0);
    return tiff.put(UNICODE).put(characters).array();
  }

  private static ByteBuffer entry(ByteBuffer tiff, int tag, int type, int count) {
    return tiff.putShort((short) tag).putShort((short) type).putInt(count);
  }
}
