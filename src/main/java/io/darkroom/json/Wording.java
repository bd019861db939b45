package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.text.Printable;
import java.nio.charset.StandardCharsets;

/** Formats values for messages: short, on one line, without control characters. */
final class Wording {
  private static final int MAX_VALUE = 60;

  private Wording() {}

  /**
   * Returns the second half of "must be 1 to 1000, is 0" or of "must have 1 to 64 entries, has 65".
   */
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
    return value.isArray() ? "an array" : Printable.line(value.toString(), MAX_VALUE);
  }

  /** Returns a field's name as a segment of a JSON pointer, safe to print. */
  static String segment(String name) {
    return Printable.line(name, MAX_VALUE).replace("~", "~0").replace("/", "~1");
  }

  /**
   * Returns the text with a question mark for each unpaired surrogate, which UTF-8 cannot encode.
   */
  static String encodable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
