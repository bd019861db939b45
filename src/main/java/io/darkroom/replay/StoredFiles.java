package io.darkroom.replay;

import io.darkroom.image.EmbeddedText;
import io.darkroom.image.PngTextReader;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Manifest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.text.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks without rendering whether the files that a manifest names are stored, unchanged, and
 * belong to it.
 */
public final class StoredFiles {
  private static final long MAX_BYTES = 1L << 30;
  private static final String PNG = "image/png";
  private static final String FINGERPRINT = "darkroom.fingerprint";

  private final ObjectStore store;

  /** Checks in this store. */
  public StoredFiles(ObjectStore store) {
    this.store = store;
  }

  /**
   * Everything that is wrong, one line each; empty where all is well.
   *
   * @throws ObjectStore.StoreFailure where the store cannot say
   */
  public List<String> check(Manifest manifest) {
    List<String> problems = new ArrayList<>();
    for (Manifest.OutputFile output : manifest.outputs()) {
      read(output.uri(), output.sha256(), problems)
          .ifPresent(bytes -> checkText(output, bytes, manifest, problems));
    }
    for (Manifest.InputFile input : manifest.inputs()) {
      read(input.uri(), input.sha256(), problems);
    }
    return problems;
  }

  private Optional<byte[]> read(String uri, String sha256, List<String> problems) {
    Optional<byte[]> bytes = get(uri, problems);
    if (bytes.isPresent() && !Sha256.of(bytes.get()).equals(sha256)) {
      problems.add(
          uri + ": sha256 must be " + sha256 + ", is " + Sha256.of(bytes.get()) + " (changed)");
      return Optional.empty();
    }
    return bytes;
  }

  private Optional<byte[]> get(String uri, List<String> problems) {
    try {
      Optional<byte[]> bytes = store.get(ObjectUri.parse(uri), MAX_BYTES);
      if (bytes.isEmpty()) {
        problems.add(uri + ": does not exist");
      }
      return bytes;
    } catch (IllegalArgumentException | ObjectStore.TooLarge unusable) {
      problems.add(uri + ": " + unusable.getMessage());
      return Optional.empty();
    }
  }

  /** A picture that was moved from another render has another fingerprint inside. */
  private static void checkText(
      Manifest.OutputFile output, byte[] bytes, Manifest manifest, List<String> problems) {
    if (!output.mediaType().equals(PNG) || manifest.stages().isEmpty()) {
      return;
    }
    String expected =
        ManifestCodec.text(manifest.stages().get(manifest.stages().size() - 1).fingerprint());
    try {
      boolean belongs =
          PngTextReader.read(bytes).stream()
              .filter(text -> text.keyword().equals(FINGERPRINT))
              .map(EmbeddedText::text)
              .allMatch(expected::equals);
      if (!belongs) {
        problems.add(output.uri() + ": its fingerprint is not that of the manifest");
      }
    } catch (UnreadablePicture damaged) {
      problems.add(output.uri() + ": " + damaged.getMessage());
    }
  }
}
