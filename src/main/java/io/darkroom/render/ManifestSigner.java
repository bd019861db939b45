package io.darkroom.render;

import io.darkroom.job.Manifest;

/** Signs manifests before they are committed. Safe for use by many threads. */
@FunctionalInterface
public interface ManifestSigner {
  /** Signs nothing. */
  ManifestSigner NONE = manifest -> manifest;

  /** The manifest with its attestation. */
  Manifest sign(Manifest manifest);
}
