package io.darkroom.attest;

import io.darkroom.job.Attestation;
import io.darkroom.job.Manifest;
import io.darkroom.json.ManifestCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Checks the signatures of manifests with trusted public keys. Safe for use by many threads. */
public final class SignatureCheck {
  private final List<PublicKey> keys;

  /** Creates a check that trusts these keys, one or more. */
  public SignatureCheck(List<PublicKey> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("keys: must be one or more");
    }
    this.keys = List.copyOf(keys);
  }

  /**
   * Returns a check that trusts the public keys in these PEM files; empty if there are none.
   *
   * @throws IOException if a file contains no such key; the message begins with its name
   */
  public static Optional<SignatureCheck> of(List<Path> files) throws IOException {
    List<PublicKey> keys = new ArrayList<>();
    for (Path file : files) {
      keys.add(Keys.publicKey(file));
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(new SignatureCheck(keys));
  }

  /** Returns why the signature of a manifest is not valid; empty if it is valid. */
  public Optional<String> problem(Manifest manifest) {
    if (manifest.attestation().isEmpty()) {
      return Optional.of("signature: missing");
    }
    Attestation attestation = manifest.attestation().get();
    if (keys.stream().noneMatch(key -> Envelope.verify(attestation, key))) {
      return Optional.of(
          "signature: not made with a trusted key, or changed; its key_id is "
              + attestation.keyId());
    }
    byte[] payload = Envelope.payload(attestation);
    boolean same =
        Arrays.equals(payload, ManifestCodec.statement(manifest))
            || Arrays.equals(payload, ManifestCodec.earlierStatement(manifest));
    return same
        ? Optional.empty()
        : Optional.of("signature: valid for another manifest; this manifest was changed");
  }
}
