package io.darkroom.attest;

import io.darkroom.job.Attestation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

/**
 * The signature of a DSSE envelope (Dead Simple Signing Envelope, version 1): Ed25519 over the
 * pre-authentication encoding of payload type and payload.
 */
final class Envelope {
  static final String IN_TOTO = "application/vnd.in-toto+json";

  private Envelope() {}

  static Attestation sign(byte[] payload, String keyId, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(Keys.ALGORITHM);
      signature.initSign(key);
      signature.update(encoding(IN_TOTO, payload));
      return new Attestation(IN_TOTO, base64(payload), keyId, base64(signature.sign()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Ed25519 is part of the JDK", impossible);
    }
  }

  /** Returns whether the signature of the payload was made with this key. */
  static boolean verify(Attestation attestation, PublicKey key) {
    try {
      Signature signature = Signature.getInstance(Keys.ALGORITHM);
      signature.initVerify(key);
      signature.update(encoding(attestation.payloadType(), payload(attestation)));
      return signature.verify(Base64.getDecoder().decode(attestation.signature()));
    } catch (GeneralSecurityException | IllegalArgumentException damaged) {
      return false;
    }
  }

  /**
   * Returns the payload, which is base64 in the attestation.
   *
   * @throws IllegalArgumentException if the text is not base64
   */
  static byte[] payload(Attestation attestation) {
    return Base64.getDecoder().decode(attestation.payload());
  }

  /** Returns the bytes to sign: {@code DSSEv1 LENGTH TYPE LENGTH PAYLOAD}. */
  private static byte[] encoding(String type, byte[] payload) {
    byte[] name = type.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(utf8("DSSEv1 " + name.length + " "));
    out.writeBytes(name);
    out.writeBytes(utf8(" " + payload.length + " "));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
