package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JSON objects as plain values, for readers that show messages and need no type for each: Map and
 * List (unmodifiable, in the order of the text), String, Boolean and numbers. Safe for use by many
 * threads.
 */
public final class JsonTree {
  private static final int MAX_BYTES = 1 << 24;
  private static final int MAX_DEPTH = 64;
  private static final StrictJson JSON = new StrictJson(MAX_BYTES, MAX_DEPTH);

  private JsonTree() {}

  /** The fields of an object; empty if the bytes are not one JSON object of at most 16 MiB. */
  public static Optional<Map<String, Object>> read(byte[] bytes) {
    try {
      JsonNode tree = JSON.read(bytes);
      return tree.isObject() ? Optional.of(JsonValues.exact(tree)) : Optional.empty();
    } catch (NotJson unreadable) {
      return Optional.empty();
    }
  }

  /** JSON in UTF-8, in the order of the maps. */
  public static byte[] write(Map<String, ?> tree) {
    return JsonValues.bytes(tree);
  }

  /** The object at a path of field names; empty if there is none. */
  public static Map<String, Object> object(Map<?, ?> tree, String... path) {
    Map<?, ?> at = tree;
    for (String name : path) {
      at = at.get(name) instanceof Map<?, ?> inner ? inner : Map.of();
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    at.forEach((name, value) -> fields.put(String.valueOf(name), value));
    return fields;
  }

  /** The text of a field; empty if it is not a text. */
  public static String text(Map<?, ?> tree, String name) {
    return tree.get(name) instanceof String text ? text : "";
  }

  /** The number of a field as an integer; {@code otherwise} if it is not a number. */
  public static long integer(Map<?, ?> tree, String name, long otherwise) {
    return tree.get(name) instanceof Number number ? number.longValue() : otherwise;
  }

  /**
   * The elements of a field that are objects, at most {@code most}; empty if it is not an array.
   */
  public static List<Map<String, Object>> objects(Map<?, ?> tree, String name, int most) {
    return tree.get(name) instanceof List<?> list
        ? list.stream()
            .filter(Map.class::isInstance)
            .limit(most)
            .map(element -> object((Map<?, ?>) element))
            .toList()
        : List.of();
  }
}
