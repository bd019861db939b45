package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The page that lists the fields of a request, generated from the schema. */
final class RequestReference {
  private static final String HEAD =
      """
      # Request reference

      Generated from [render-request.schema.json](render-request.schema.json); a test compares the two.
      """;
  private static final String COLUMNS =
      "| field | type | bounds | default | meaning |\n|---|---|---|---|---|\n";
  private static final List<String> OBJECTS =
      List.of("image", "noise_schedule", "scheduler", "stage", "tile");

  private final JsonNode schema;

  RequestReference(JsonNode schema) {
    this.schema = schema;
  }

  /** Returns the page, in Markdown. */
  String page() {
    StringBuilder page = new StringBuilder(HEAD);
    section(page, "Request", schema);
    section(page, "output", schema.at("/properties/output"));
    OBJECTS.forEach(name -> section(page, name, schema.at("/$defs/" + name)));
    return page.toString();
  }

  private void section(StringBuilder page, String title, JsonNode object) {
    page.append("\n## ").append(title).append("\n\n");
    if (object.has("description")) {
      page.append(object.get("description").asText()).append("\n\n");
    }
    page.append(COLUMNS);
    for (Map.Entry<String, JsonNode> field : object.get("properties").properties()) {
      page.append(row(field.getKey(), field.getValue(), required(object, field.getKey())));
    }
  }

  private static boolean required(JsonNode object, String field) {
    return StreamSupport.stream(object.path("required").spliterator(), false)
        .anyMatch(name -> name.asText().equals(field));
  }

  private String row(String name, JsonNode field, boolean required) {
    JsonNode target = target(field);
    String meaning = field.path("description").asText(target.path("description").asText());
    return "| `%s`%s | %s | %s | %s | %s |\n"
        .formatted(
            name,
            required ? ", required" : "",
            type(target),
            String.join(", ", bounds(target)),
            target.has("default") ? "`" + target.get("default").asText() + "`" : "",
            meaning.replace("|", "\\|").replace("<", "&lt;"));
  }

  private JsonNode target(JsonNode field) {
    return field.has("$ref") ? schema.at(field.get("$ref").asText().substring(1)) : field;
  }

  private static String type(JsonNode field) {
    if (field.has("enum")) {
      return "`" + String.join("` or `", texts(field.get("enum"))) + "`";
    }
    if (field.has("const")) {
      return "`" + field.get("const").asText() + "`";
    }
    JsonNode type = field.path("type");
    return type.isArray() ? String.join(" or ", texts(type)) : type.asText();
  }

  private List<String> bounds(JsonNode field) {
    List<String> bounds = new ArrayList<>(range(field));
    if (field.has("maxItems")) {
      bounds.add(span(field, "minItems", "maxItems") + " entries");
      range(target(field.path("items"))).forEach(text -> bounds.add("each " + text));
    }
    if (field.has("maxProperties")) {
      bounds.add("at most " + field.get("maxProperties").asText() + " entries");
    }
    return bounds;
  }

  private static List<String> range(JsonNode field) {
    if (field.has("maximum")) {
      String least = field.has("minimum") ? "" : "above ";
      String lower = field.has("minimum") ? "minimum" : "exclusiveMinimum";
      return List.of(least + span(field, lower, "maximum"));
    }
    if (field.has("exclusiveMaximum")) {
      String least = field.get("exclusiveMinimum").asText();
      return List.of("above " + least + ", below " + field.get("exclusiveMaximum").asText());
    }
    return List.of();
  }

  private static String span(JsonNode field, String lower, String upper) {
    String least = field.path(lower).asText();
    String most = field.path(upper).asText();
    return least.equals(most) ? most : least + " to " + most;
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
