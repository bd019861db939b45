package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Reads the format of manifests before they had stages: one {@code fingerprint} for the whole
 * render, and outputs without {@code shape}, whose number of channels is unknown.
 */
final class EarlierManifest {

  private EarlierManifest() {}

  /**
   * Moves the fingerprint of an earlier manifest into its one stage. Other manifests are not
   * changed.
   */
  static void update(JsonNode manifest) {
    if (!manifest.path("fingerprint").isObject() || manifest.has("stages")) {
      return;
    }
    JsonNode fingerprint = ((ObjectNode) manifest).remove("fingerprint");
    String model = manifest.path("request").path("model").asText();
    ObjectNode stage = ((ObjectNode) manifest).putArray("stages").addObject();
    stage.put("model", model.split("@", 2)[0]);
    stage.set("fingerprint", fingerprint);
  }
}
