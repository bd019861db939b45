package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.Fingerprint;
import java.nio.charset.StandardCharsets;

/** Reads fingerprints that are embedded in pictures. */
public final class FingerprintCodec {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 8;
  private static final StrictJson JSON = new StrictJson(MAX_BYTES, MAX_DEPTH);
  private static final MessageSchema SCHEMA =
      MessageSchema.load("render-completed.schema.json#/$defs/fingerprint");

  private FingerprintCodec() {}

  /**
   * Reads a fingerprint that {@link ManifestCodec#text} has written.
   *
   * @throws DamagedManifest if the text is not a fingerprint
   */
  public static Fingerprint read(String text) throws DamagedManifest {
    try {
      JsonNode tree = JSON.read(text.getBytes(StandardCharsets.UTF_8));
      ManifestCodec.check(tree, SCHEMA);
      return ManifestReader.fingerprint(tree);
    } catch (NotJson e) {
      throw new DamagedManifest(e.reason());
    }
  }
}
