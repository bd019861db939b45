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
 * The request digest: SHA-256 of the canonical JSON (RFC 8785) of a request as sent, without null
 * fields and without fields that do not affect the result: {@code priority}, {@code deadline},
 * {@code metadata}, {@code preview_every}, {@code render} and {@code output.prefix}. An {@code
 * output} that is empty without them is left out too.
 *
 * <p>RFC 8785 treats numbers as doubles, for which the seeds 2^63 and 2^63+1 are equal. Integers
 * beyond 2^53 are therefore written to the canonical form as decimal text. Such a seed has the same
 * digest as a number and as text, while a small seed has different digests as a number and as text.
 */
final class RequestDigest {
  private static final BigInteger EXACT = BigInteger.ONE.shiftLeft(53);
  private static final List<String> WITHOUT_BEARING =
      List.of("priority", "deadline", "metadata", "preview_every", "render");

  private RequestDigest() {}

  /** Returns 64 hexadecimal digits, for a message without violations of {@link Sanity}. */
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
