package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/** Values as messages show them: short, on one line, without control characters. */
final class Wording {
  private static final int MAX_VALUE = 60;

  private Wording() {}

  /** The second half of "must be 1 to 1000, is 0" and of "must have 1 to 64 entries, has 65". */
  static String has(JsonNode value, boolean counted) {
    if (!counted) {
      return ", is " + of(value);
    }
    String text = value.asText();
    int length = value.isTextual() ? text.codePointCount(0, text.length()) : value.size();
    return ", has " + length;
  }

  private static String of(JsonNode value) {
    if (value.isObject()) {
      return "an object";
    }
    return value.isArray() ? "an array" : printable(value.toString(), MAX_VALUE);
  }

  /** A field's name as a segment of a JSON pointer, without surprises for who prints it. */
  static String segment(String name) {
    return printable(name, MAX_VALUE).replace("~", "~0").replace("/", "~1");
  }

  /** At most {@code max} characters; what cannot be printed on a line becomes a question mark. */
  static String printable(String text, int max) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(max).map(Wording::printable).forEach(shown::appendCodePoint);
    boolean whole = text.codePointCount(0, text.length()) <= max;
    return whole ? shown.toString() : shown.append("...").toString();
  }

  /** The text with a question mark for each half of a surrogate pair, which UTF-8 cannot write. */
  static String encodable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static int printable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          '?';
      default -> codePoint;
    };
  }
}
