package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import io.darkroom.job.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Empties arrays and objects of a message that have more entries than its schema allows, so that
 * their entries are not validated one by one.
 */
final class Sizes {
  private final JsonNode schema;
  private final List<Violation> found = new ArrayList<>();

  private Sizes(JsonNode schema) {
    this.schema = schema;
  }

  /** Empties what is too large and returns a violation for each. */
  static List<Violation> cut(JsonNode message, JsonNode schema) {
    Sizes sizes = new Sizes(schema);
    sizes.visit("", message, schema);
    return List.copyOf(sizes.found);
  }

  private void visit(String pointer, JsonNode node, JsonNode rule) {
    JsonNode owner = resolved(rule);
    if (owner.isObject() && node instanceof ContainerNode<?> container) {
      if (node.size() > most(node, owner)) {
        found.add(new Violation(pointer, SchemaWording.size(node, owner)));
        container.removeAll();
      }
      visitEntries(pointer, node, owner);
    }
  }

  private void visitEntries(String pointer, JsonNode node, JsonNode owner) {
    for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
      visit(pointer + "/" + i, node.get(i), owner.path("items"));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      JsonNode named = owner.path("properties").path(field.getKey());
      JsonNode rule = named.isMissingNode() ? owner.path("additionalProperties") : named;
      visit(pointer + "/" + Wording.segment(field.getKey()), field.getValue(), rule);
    }
  }

  private static int most(JsonNode node, JsonNode owner) {
    return owner.path(node.isArray() ? "maxItems" : "maxProperties").asInt(Integer.MAX_VALUE);
  }

  private JsonNode resolved(JsonNode rule) {
    JsonNode reference = rule.path("$ref");
    return reference.isTextual() ? resolved(schema.at(reference.textValue().substring(1))) : rule;
  }
}
