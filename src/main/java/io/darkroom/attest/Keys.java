package io.darkroom.attest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Reads Ed25519 keys in PEM as {@code openssl genpkey -algorithm ed25519} writes them. */
public final class Keys {
  static final String ALGORITHM = "Ed25519";

  private static final String PRIVATE = "PRIVATE KEY";
  private static final int MAX_BYTES = 10_000;

  private Keys() {}

  /**
   * Reads a private key (PKCS #8).
   *
   * @throws IOException if the file cannot be read or contains no such key; the message gives the
   *     name of the file, not its content
   */
  public static PrivateKey privateKey(Path file) throws IOException {
    return privateKey(file.toString(), der(file, PRIVATE));
  }

  /**
   * Reads a private key (PKCS #8) from the text of a PEM file, or from its base64 alone.
   *
   * @param name what the text is called in messages, which do not give its content
   * @throws IOException if the text contains no such key
   */
  public static PrivateKey privateKey(String name, String text) throws IOException {
    boolean pem = text.contains("-----BEGIN");
    return privateKey(name, pem ? der(name, text, PRIVATE) : base64(name, text));
  }

  private static PrivateKey privateKey(String name, byte[] der) throws IOException {
    try {
      return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException wrong) {
      throw new IOException(name + ": must be an Ed25519 private key", wrong);
    }
  }

  /**
   * Reads a public key (X.509).
   *
   * @throws IOException if the file cannot be read or contains no such key
   */
  public static PublicKey publicKey(Path file) throws IOException {
    try {
      byte[] der = der(file, "PUBLIC KEY");
      return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException wrong) {
      throw new IOException(file + ": must be a public key of Ed25519", wrong);
    }
  }

  private static byte[] der(Path file, String label) throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + ": must be a PEM file of at most " + MAX_BYTES + " bytes");
      }
      byte[] bytes = Files.readAllBytes(file);
      return der(file.toString(), new String(bytes, StandardCharsets.US_ASCII), label);
    } catch (NoSuchFileException missing) {
      throw new IOException(file + ": does not exist", missing);
    }
  }

  private static byte[] der(String name, String text, String label) throws IOException {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException(name + ": must be a PEM file with a " + label);
    }
    return base64(name, text.substring(from + begin.length(), to));
  }

  private static byte[] base64(String name, String text) throws IOException {
    try {
      return Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      throw new IOException(name + ": is damaged", notBase64);
    }
  }
}
