package io.darkroom.render;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.json.DamagedManifest;
import io.darkroom.json.ManifestCodec;
import java.util.List;
import java.util.Optional;

/**
 * Reads and writes manifests in the store: {@code <folder>manifest.json}. A manifest is written
 * once; writing it commits the request.
 */
final class Manifests {
  private static final String NAME = "manifest.json";
  private static final long MAX_BYTES = 4 << 20;

  private final ObjectStore store;
  private final ManifestCodec codec = new ManifestCodec();

  Manifests(ObjectStore store) {
    this.store = store;
  }

  /**
   * Returns the manifest of the request, if it was completed before.
   *
   * @throws RenderFailure with class conflict if another request has this id and prefix; with class
   *     storage if the object is not a readable manifest
   */
  Optional<Manifest> find(ObjectUri folder, String requestSha256) throws RenderFailure {
    ObjectUri uri = folder.child(NAME);
    Optional<byte[]> bytes = bytes(uri);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    Manifest stored = read(uri, bytes.get());
    if (!stored.requestSha256().equals(requestSha256)) {
      String message =
          "a different request was rendered under this id and prefix: request_sha256 is "
              + requestSha256
              + ", the stored one's "
              + stored.requestSha256();
      throw RenderFailure.rejected(ErrorClass.CONFLICT, message, List.of());
    }
    return Optional.of(stored);
  }

  /**
   * Writes a manifest. If there is already one, the stored manifest is the result.
   *
   * @throws ObjectStore.StoreFailure if the store refuses the write because an object exists, but
   *     returns no object; the write must be tried again
   * @throws RenderFailure with class divergence if the stored manifest has other pixels and the
   *     same fingerprint of the exact tier; in other tiers the pixels may depend on the rest of the
   *     batch
   */
  RenderOutcome commit(ObjectUri folder, Manifest manifest) throws RenderFailure {
    ObjectUri uri = folder.child(NAME);
    if (store.putIfAbsent(uri, ManifestCodec.write(manifest), "application/json")) {
      return new RenderOutcome.Completed(manifest, false);
    }
    Manifest stored = find(folder, manifest.requestSha256()).orElseThrow(() -> contradiction(uri));
    List<String> mine = pixels(manifest);
    List<String> theirs = pixels(stored);
    List<Fingerprint> fingerprints = manifest.fingerprints();
    boolean promised =
        fingerprints.stream().allMatch(Fingerprint::exact)
            && fingerprints.equals(stored.fingerprints());
    if (promised && !mine.equals(theirs)) {
      String message =
          "pixels_sha256 of the stored manifest are " + theirs + ", of this render " + mine;
      throw RenderFailure.failed(ErrorClass.DIVERGENCE, message);
    }
    return new RenderOutcome.Completed(stored, true);
  }

  private static ObjectStore.StoreFailure contradiction(ObjectUri uri) {
    String message = uri + ": the store reports that the object exists, but it cannot be read";
    return new ObjectStore.StoreFailure(message, new IllegalStateException(message));
  }

  private Optional<byte[]> bytes(ObjectUri uri) throws RenderFailure {
    try {
      return store.get(uri, MAX_BYTES);
    } catch (ObjectStore.TooLarge noManifest) {
      throw RenderFailure.failed(ErrorClass.STORAGE, String.valueOf(noManifest.getMessage()));
    }
  }

  private Manifest read(ObjectUri uri, byte[] bytes) throws RenderFailure {
    try {
      return codec.read(bytes);
    } catch (DamagedManifest damaged) {
      throw RenderFailure.failed(ErrorClass.STORAGE, uri + ": " + damaged.getMessage());
    }
  }

  private static List<String> pixels(Manifest manifest) {
    return manifest.files().stream().map(Manifest.OutputFile::pixelsSha256).toList();
  }
}
