package io.darkroom.attest;

import io.darkroom.job.Manifest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.render.ManifestSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/** Signs manifests with one private key. Safe for use by many threads. */
public final class KeySigner implements ManifestSigner {
  private final Path file;
  private final String keyId;
  private @Nullable PrivateKey key;

  /**
   * Creates a signer. It reads the key when it signs the first manifest.
   *
   * @param file PEM file of an Ed25519 key (PKCS #8)
   * @param keyId id of the key in signatures, so that verifiers can find the public key
   */
  public KeySigner(Path file, String keyId) {
    this.file = file;
    this.keyId = keyId;
  }

  @Override
  public Manifest sign(Manifest manifest) {
    return manifest.withAttestation(Envelope.sign(ManifestCodec.statement(manifest), keyId, key()));
  }

  private synchronized PrivateKey key() {
    PrivateKey known = key;
    if (known == null) {
      try {
        known = Keys.privateKey(file);
        key = known;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return known;
  }
}
