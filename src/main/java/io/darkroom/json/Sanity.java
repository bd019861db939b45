package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.Violation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What JSON allows and no consumer of it can hold (I-JSON, RFC 7493 section 2): numbers beyond a
 * double, halves of surrogate pairs. A message with such a thing has no canonical form.
 */
final class Sanity {
  private final List<Violation> found = new ArrayList<>();

  private Sanity() {}

  /** All of it in a message, none where it is sane. */
  static List<Violation> violations(JsonNode message) {
    Sanity sanity = new Sanity();
    sanity.visit("", message);
    return List.copyOf(sanity.found);
  }

  private void visit(String pointer, JsonNode node) {
    if (node.isBigDecimal() && !fitsDouble(node.decimalValue())) {
      found.add(new Violation(pointer, "must be within the range of a double"));
    } else if (node.isTextual() && halved(node.textValue())) {
      found.add(new Violation(pointer, "must be text, has half of a surrogate pair"));
    }
    for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
      visit(pointer + "/" + i, node.get(i));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      visitField(pointer + "/" + Wording.segment(field.getKey()), field);
    }
  }

  private void visitField(String pointer, Map.Entry<String, JsonNode> field) {
    if (halved(field.getKey())) {
      found.add(new Violation(pointer, "must have a name of whole characters"));
    }
    visit(pointer, field.getValue());
  }

  /** By digits and exponent alone: turning 1e999999999 into anything else would take for ever. */
  private static boolean fitsDouble(BigDecimal number) {
    long exponent = (long) number.precision() - number.scale() - 1;
    return exponent >= -324
        && (exponent < 308 || (exponent == 308 && Double.isFinite(number.doubleValue())));
  }

  private static boolean halved(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
