package io.darkroom.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests, as 64 lower-case hexadecimal digits. */
public final class Sha256 {
  private static final int CHUNK = 4096;
  private static final int PIECE = 1 << 16;

  private Sha256() {}

  /** Returns the digest of the bytes. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /**
   * Returns the digest of floats as they are stored in an NPY file: four bytes each, little-endian,
   * raw bits.
   */
  public static String of(float[] values) {
    MessageDigest digest = digest();
    ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int some = Math.min(CHUNK, values.length - from);
      bytes.asFloatBuffer().put(values, from, some);
      digest.update(bytes.array(), 0, 4 * some);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns the digest of {@code head} followed by {@code rest}. */
  public static String of(ByteBuffer head, byte[] rest) {
    MessageDigest digest = digest();
    digest.update(head);
    digest.update(rest);
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Returns the digest of a file, which is read in pieces.
   *
   * @throws IOException if it cannot be read
   */
  public static String of(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] piece = new byte[PIECE];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        digest.update(piece, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns a new digest, to which the caller adds bytes in pieces. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
