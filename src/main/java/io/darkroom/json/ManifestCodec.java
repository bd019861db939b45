package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Manifests as the store has them, which is the data of the completed event too. What is written is
 * read again as it was; fields of a later version are passed over. Safe for use by many threads.
 */
public final class ManifestCodec {
  private static final int MAX_BYTES = 1 << 24;
  private static final int MAX_DEPTH = 64;

  private final StrictJson json = new StrictJson(MAX_BYTES, MAX_DEPTH);
  private final MessageSchema schema = MessageSchema.load("render-completed.schema.json");

  /** JSON in UTF-8; equal manifests give equal bytes. */
  public static byte[] write(Manifest manifest) {
    return JsonValues.bytes(ManifestWriter.tree(manifest));
  }

  /** The fingerprint alone, as JSON; for texts inside of pictures. */
  public static String text(Fingerprint fingerprint) {
    return new String(
        JsonValues.bytes(ManifestWriter.fingerprint(fingerprint)), StandardCharsets.UTF_8);
  }

  /**
   * The manifest in the bytes of an object.
   *
   * @throws DamagedManifest where they hold none; names the first thing that is wrong
   */
  public Manifest read(byte[] bytes) throws DamagedManifest {
    JsonNode tree = tree(bytes);
    List<Violation> violations = Sanity.violations(tree);
    if (violations.isEmpty()) {
      violations = MessageSchema.listed(schema.violations(tree));
    }
    if (!violations.isEmpty()) {
      throw new DamagedManifest(violations);
    }
    return new ManifestReader(tree).read();
  }

  private JsonNode tree(byte[] bytes) throws DamagedManifest {
    try {
      return json.read(bytes);
    } catch (NotJson e) {
      throw new DamagedManifest(e.reason());
    }
  }
}
