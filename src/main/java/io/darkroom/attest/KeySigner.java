package io.darkroom.attest;

import io.darkroom.job.Manifest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.render.ManifestSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/** Signs manifests with one private key. Safe for use by many threads. */
public final class KeySigner implements ManifestSigner {
  private final Source source;
  private final String keyId;
  private @Nullable PrivateKey key;

  /**
   * Creates a signer. It reads the key when it signs the first manifest.
   *
   * @param keyId id of the key in signatures, so that verifiers can find the public key
   */
  public KeySigner(Source source, String keyId) {
    this.source = source;
    this.keyId = keyId;
  }

  /** Where the key is. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads the key.
     *
     * @throws IOException if there is no such key
     */
    PrivateKey read() throws IOException;
  }

  @Override
  public Manifest sign(Manifest manifest) {
    return manifest.withAttestation(Envelope.sign(ManifestCodec.statement(manifest), keyId, key()));
  }

  private synchronized PrivateKey key() {
    PrivateKey known = key;
    if (known == null) {
      try {
        known = source.read();
        key = known;
      } catch (IOException e) {
        throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
      }
    }
    return known;
  }
}
