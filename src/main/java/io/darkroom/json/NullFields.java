package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A null field of a request counts as left out, at any depth: programs write null for what they do
 * not set, and so does diffusers. An element of an array cannot be left out, and {@code metadata}
 * is the publisher's own.
 */
final class NullFields {
  private static final String METADATA = "metadata";

  private NullFields() {}

  /** Removes them from a request. */
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
