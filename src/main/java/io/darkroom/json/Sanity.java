package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.Violation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks for valid JSON that consumers cannot represent (I-JSON, RFC 7493 section 2): numbers
 * outside the range of a double, and unpaired surrogates. A message that contains them has no
 * canonical form.
 */
final class Sanity {
  private final List<Violation> found = new ArrayList<>();
  private final StringBuilder path = new StringBuilder();
  private int more;

  private Sanity() {}

  /** Returns the violations of a message. */
  static Found violations(JsonNode message) {
    Sanity sanity = new Sanity();
    sanity.visit(message);
    return new Found(sanity.found, sanity.more);
  }

  private void visit(JsonNode node) {
    if (node.isBigDecimal() && !fitsDouble(node.decimalValue())) {
      broken("must be within the range of a double");
    } else if (node.isTextual() && halved(node.textValue())) {
      broken("must be text, has half of a surrogate pair");
    }
    int here = path.length();
    for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
      path.append('/').append(i);
      visit(node.get(i));
      path.setLength(here);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      path.append('/').append(Wording.segment(field.getKey()));
      visitField(field);
      path.setLength(here);
    }
  }

  private void visitField(Map.Entry<String, JsonNode> field) {
    if (halved(field.getKey())) {
      broken("must have a name of whole characters");
    }
    visit(field.getValue());
  }

  private void broken(String message) {
    if (found.size() < Found.MOST) {
      found.add(new Violation(path.toString(), message));
    } else {
      more++;
    }
  }

  /** Checks digits and exponent only, because converting 1e999999999 would take too long. */
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
