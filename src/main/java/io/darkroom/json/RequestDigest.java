package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * The request digest: SHA-256 over the canonical JSON (RFC 8785) of a request as it was sent,
 * without fields that are null and what does not affect the result: {@code priority}, {@code
 * deadline}, {@code metadata}, {@code preview_every}, {@code render} and {@code output.prefix}. An
 * {@code output} with nothing else in it is left out too.
 *
 * <p>RFC 8785 knows numbers as doubles, in which the seeds 2^63 and 2^63+1 are one number. So an
 * integer beyond 2^53 goes into the canonical form as text in decimal digits; with that, such a
 * seed has one digest however it is written, while a small seed as number and as text are two
 * requests.
 */
final class RequestDigest {
  private static final BigInteger EXACT = BigInteger.ONE.shiftLeft(53);
  private static final List<String> WITHOUT_BEARING =
      List.of("priority", "deadline", "metadata", "preview_every", "render");

  private RequestDigest() {}

  /** 64 hexadecimal digits, for a message without anything that {@link Sanity} finds. */
  static String of(ObjectNode request) {
    ObjectNode bearing = request.deepCopy().remove(WITHOUT_BEARING);
    if (bearing.get("output") instanceof ObjectNode output && output.without("prefix").isEmpty()) {
      bearing.remove("output");
    }
    return Sha256.of(canonical(exact(bearing)).getBytes(StandardCharsets.UTF_8));
  }

  private static String canonical(JsonNode node) {
    try {
      return new JsonCanonicalizer(node.toString()).getEncodedString();
    } catch (IOException e) {
      throw new IllegalStateException("what is JSON has a canonical form", e);
    }
  }

  private static JsonNode exact(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(field -> copy.set(field.getKey(), exact(field.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(element -> copy.add(exact(element)));
      return copy;
    }
    return node.isNumber() ? number(node.decimalValue()) : node;
  }

  private static JsonNode number(BigDecimal value) {
    boolean whole = value.stripTrailingZeros().scale() <= 0;
    if (whole && value.toBigInteger().abs().compareTo(EXACT) > 0) {
      return TextNode.valueOf(value.toBigInteger().toString());
    }
    return DoubleNode.valueOf(value.doubleValue());
  }
}
