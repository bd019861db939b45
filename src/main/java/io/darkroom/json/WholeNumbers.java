package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;

/**
 * Prepares large whole numbers in decimal notation, such as {@code 1e70}, for validation. The
 * library for JSON Schema compares decimals with the bounds of an integer by their lowest 64 bits
 * only, and would accept them; it compares all digits of a {@code BigInteger}.
 */
final class WholeNumbers {
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  /** Digits of the largest double; longer numbers are outside every bound and are shortened. */
  private static final int MAX_DIGITS = 309;

  private WholeNumbers() {}

  /** Returns the message, or a copy with a {@code BigInteger} for each such number. */
  static JsonNode exact(JsonNode message) {
    return anyWide(message) ? converted(message.deepCopy()) : message;
  }

  private static boolean anyWide(JsonNode node) {
    if (wide(node)) {
      return true;
    }
    for (JsonNode child : node) {
      if (anyWide(child)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode converted(JsonNode node) {
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, converted(array.get(i)));
      }
    } else if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        field.setValue(converted(field.getValue()));
      }
    }
    return wide(node) ? integer(node.decimalValue()) : node;
  }

  private static JsonNode integer(BigDecimal number) {
    int excess = Math.max(0, number.precision() - number.scale() - MAX_DIGITS);
    return BigIntegerNode.valueOf(number.movePointLeft(excess).toBigInteger());
  }

  /** Tells whether a decimal is a whole number beyond 64 bits. */
  private static boolean wide(JsonNode node) {
    return node.isBigDecimal()
        && node.decimalValue().abs().compareTo(MOST) > 0
        && node.decimalValue().stripTrailingZeros().scale() <= 0;
  }
}
