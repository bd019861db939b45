package io.darkroom.render;

import io.darkroom.job.Manifest;

/** Signs manifests before they are committed. Safe for use by many threads. */
@FunctionalInterface
public interface ManifestSigner {
  /** Leaves manifests unsigned. */
  ManifestSigner NONE = manifest -> manifest;

  /** Returns the manifest with its attestation. */
  Manifest sign(Manifest manifest);
}
