package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Reads earlier formats of manifests: one {@code fingerprint} for the whole render instead of
 * stages, outputs without {@code shape}, whose number of channels is unknown, and {@code
 * plan_sha256} next to the fingerprint of a stage instead of in it.
 */
final class EarlierManifest {
  private static final String PLAN = "plan_sha256";

  private EarlierManifest() {}

  /** Changes an earlier manifest to the current format. Other manifests are not changed. */
  static void update(JsonNode manifest) {
    if (manifest.path("fingerprint").isObject() && !manifest.has("stages")) {
      addStage(manifest);
    }
    for (JsonNode stage : manifest.path("stages")) {
      if (stage.has(PLAN) && stage.path("fingerprint") instanceof ObjectNode fingerprint) {
        fingerprint.set(PLAN, stage.path(PLAN));
      }
    }
  }

  private static void addStage(JsonNode manifest) {
    JsonNode fingerprint = ((ObjectNode) manifest).remove("fingerprint");
    String model = manifest.path("request").path("model").asText();
    ObjectNode stage = ((ObjectNode) manifest).putArray("stages").addObject();
    stage.put("model", model.split("@", 2)[0]);
    stage.set("fingerprint", fingerprint);
  }
}
