package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts JSON to plain values: Map and List (both unmodifiable, in the order of the text),
 * String, Boolean and numbers. An integer is an Integer if it fits, else a Long, else a BigInteger.
 */
final class JsonValues {
  private static final JsonMapper WRITER = JsonMapper.builder().build();

  private JsonValues() {}

  /**
   * Converts an object for calculations: decimals become Doubles; null fields and elements are left
   * out.
   */
  static Map<String, Object> configuration(JsonNode object) {
    return fields(object, false);
  }

  /**
   * Converts an object without loss: nulls are kept, and a decimal is a BigDecimal unless its text
   * is that of a Java Double.
   */
  static Map<String, Object> exact(JsonNode object) {
    return fields(object, true);
  }

  /** Returns an integer in the type that reading gives it. */
  static Object integer(long value) {
    return value == (int) value ? (Object) (int) value : (Object) value;
  }

  /** Returns JSON in UTF-8, in the order of the maps. */
  static byte[] bytes(Map<String, ?> tree) {
    try {
      return WRITER.writeValueAsBytes(tree);
    } catch (IOException e) {
      throw new UncheckedIOException("a tree of plain values is JSON", e);
    }
  }

  private static Map<String, Object> fields(JsonNode object, boolean exact) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (exact || !field.getValue().isNull()) {
        map.put(field.getKey(), value(field.getValue(), exact));
      }
    }
    return Collections.unmodifiableMap(map);
  }

  private static List<Object> elements(JsonNode array, boolean exact) {
    List<Object> list = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      if (exact || !element.isNull()) {
        list.add(value(element, exact));
      }
    }
    return Collections.unmodifiableList(list);
  }

  private static @Nullable Object value(JsonNode node, boolean exact) {
    return switch (node.getNodeType()) {
      case OBJECT -> fields(node, exact);
      case ARRAY -> elements(node, exact);
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.isBigDecimal() && exact ? decimal(node.decimalValue()) : number(node);
      default -> null;
    };
  }

  private static Number number(JsonNode node) {
    return node.isIntegralNumber() ? node.numberValue() : (Number) node.doubleValue();
  }

  private static Number decimal(BigDecimal written) {
    double value = written.doubleValue();
    if (!Double.isFinite(value)) {
      return written;
    }
    BigDecimal rewritten = new BigDecimal(Double.toString(value));
    boolean same = rewritten.scale() == written.scale() && rewritten.compareTo(written) == 0;
    return same ? (Number) value : written;
  }
}
