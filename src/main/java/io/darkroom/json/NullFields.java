package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Treats null fields of a request as missing, at any depth, because programs (and diffusers) write
 * null for unset fields. Elements of arrays and {@code metadata} are not affected.
 */
final class NullFields {
  private static final String METADATA = "metadata";

  private NullFields() {}

  /** Removes the null fields of a request. */
  static void leaveOut(ObjectNode request) {
    request.properties().removeIf(field -> field.getValue().isNull());
    request.properties().stream()
        .filter(field -> !field.getKey().equals(METADATA))
        .forEach(field -> visit(field.getValue()));
  }

  private static void visit(JsonNode node) {
    if (node.isObject()) {
      node.properties().removeIf(field -> field.getValue().isNull());
    }
    node.forEach(NullFields::visit);
  }
}
