package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import io.darkroom.job.Violation;
import io.darkroom.text.Printable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Converts the validator's errors to violations with Darkroom's wording: {@code
 * /num_inference_steps: must be 1 to 1000, is 0}. For a {@code pattern} or a {@code not}, the
 * description in the schema completes the sentence "must be ..." or "must ...".
 */
final class SchemaWording {
  private static final int MAX_POINTER = 400;

  private SchemaWording() {}

  /**
   * Converts one error.
   *
   * @param owner the schema object whose keyword failed
   */
  static Violation violation(Error error, JsonNode owner) {
    String pointer = Printable.line(error.getInstanceLocation().toString(), MAX_POINTER);
    String child = pointer + "/" + Wording.segment(String.valueOf(error.getProperty()));
    return switch (error.getKeyword()) {
      case "required" -> new Violation(child, "is required");
      case "dependentRequired" -> dependent(pointer, error.getArguments());
      case "additionalProperties" -> new Violation(child, "is not a known field");
      case "propertyNames" ->
          new Violation(child, "must be named with " + description(owner.path("propertyNames")));
      default -> new Violation(pointer, message(error, owner));
    };
  }

  /** Describes that an array or object has more entries than its schema allows. */
  static String size(JsonNode value, JsonNode owner) {
    String rule =
        value.isArray()
            ? bounds(owner, "Items") + " entries"
            : bounds(owner, "Properties") + " fields";
    return "must have " + rule + Wording.has(value, true);
  }

  private static Violation dependent(String pointer, Object[] names) {
    return new Violation(pointer + "/" + names[0], "is required where " + names[1] + " is given");
  }

  private static String message(Error error, JsonNode owner) {
    if (error.getKeyword().equals("not")) {
      return "must " + description(owner);
    }
    String rule = owner.has("pattern") ? "be " + description(owner) : rule(error, owner);
    JsonNode value = error.getInstanceNode();
    return "must " + rule + Wording.has(value, rule.startsWith("have "));
  }

  private static String rule(Error error, JsonNode owner) {
    return switch (error.getKeyword()) {
      case "type" -> "be " + types(owner.path("type"));
      case "enum" -> "be " + alternatives(owner.path("enum"));
      case "const" -> "be " + owner.path("const").asText();
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" -> "be " + range(owner);
      case "minLength", "maxLength" -> "have " + bounds(owner, "Length") + " characters";
      case "minItems", "maxItems" -> "have " + bounds(owner, "Items") + " entries";
      case "minProperties", "maxProperties" -> "have " + bounds(owner, "Properties") + " fields";
      default -> "keep to the schema's rule " + error.getKeyword();
    };
  }

  private static String description(JsonNode owner) {
    return owner.path("description").asText();
  }

  private static String range(JsonNode owner) {
    if (owner.has("exclusiveMinimum")) {
      String below = owner.has("maximum") ? "at most " : "below ";
      JsonNode end = owner.has("maximum") ? owner.path("maximum") : owner.path("exclusiveMaximum");
      return "above " + owner.path("exclusiveMinimum") + " and " + below + end;
    }
    return span(owner.path("minimum"), owner.path("maximum"));
  }

  private static String bounds(JsonNode owner, String what) {
    return span(owner.path("min" + what), owner.path("max" + what));
  }

  private static String span(JsonNode least, JsonNode most) {
    if (least.isMissingNode() || most.isMissingNode()) {
      return least.isMissingNode() ? "at most " + most : "at least " + least;
    }
    return least.equals(most) ? least.toString() : least + " to " + most;
  }

  private static String types(JsonNode type) {
    return type.isArray() ? joined(elements(type)) : article(type.asText());
  }

  private static List<String> elements(JsonNode types) {
    return StreamSupport.stream(types.spliterator(), false)
        .map(type -> article(type.asText()))
        .toList();
  }

  private static String article(String type) {
    return switch (type) {
      case "string" -> "text";
      case "integer", "object", "array" -> "an " + type;
      case "boolean" -> "true or false";
      case "null" -> type;
      default -> "a " + type;
    };
  }

  private static String alternatives(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.collectingAndThen(Collectors.toList(), SchemaWording::joined));
  }

  private static String joined(List<String> words) {
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
