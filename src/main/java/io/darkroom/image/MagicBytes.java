package io.darkroom.image;

/** The bytes by which a file format is recognised. */
public final class MagicBytes {
  private MagicBytes() {}

  /** Returns whether a file begins as a PNG file. */
  public static boolean isPng(byte[] file) {
    return match(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n');
  }

  /** Returns whether a file begins as a JPEG file. */
  public static boolean isJpeg(byte[] file) {
    return match(file, 0, 0xff, 0xd8, 0xff);
  }

  /** Returns whether a file begins as a WebP file. */
  public static boolean isWebp(byte[] file) {
    return match(file, 0, 'R', 'I', 'F', 'F') && match(file, 8, 'W', 'E', 'B', 'P');
  }

  /**
   * Returns whether a file has these bytes.
   *
   * @param offset position of the first of the bytes in the file
   * @param bytes each 0 to 255
   */
  public static boolean match(byte[] file, int offset, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (file.length <= offset + i || file[offset + i] != (byte) bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
