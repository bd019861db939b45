package io.darkroom.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests, as 64 lower-case hexadecimal digits. */
public final class Sha256 {
  private static final int CHUNK = 4096;

  private Sha256() {}

  /** Of bytes as they are. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** Of floats as an NPY file holds them: four bytes each, little-endian, raw bits. */
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

  /** Of a head and what follows it. */
  public static String of(ByteBuffer head, byte[] rest) {
    MessageDigest digest = digest();
    digest.update(head);
    digest.update(rest);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A digest to feed in pieces. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
