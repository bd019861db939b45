package io.darkroom.onnx;

import java.util.Map;
import java.util.Optional;

/**
 * A token that a tokenizer finds in a text before it splits the text into words.
 *
 * @param singleWord whether it is found only if no letter or digit is next to it
 * @param lstrip whether it includes the white space before it
 * @param rstrip whether it includes the white space after it
 * @param normalized whether it is found in the normalized text, in upper and lower case, instead of
 *     the original text
 * @param special whether it is a control token
 */
record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {

  /** Creates a token from its text. */
  static AddedToken plain(String content, boolean special) {
    return new AddedToken(content, false, false, false, !special, special);
  }

  /**
   * Reads a token from a tokenizer file, which has text or an object; empty if the value is
   * neither.
   */
  static Optional<AddedToken> of(Object value, boolean special) {
    if (value instanceof String content) {
      return Optional.of(plain(content, special));
    }
    return value instanceof Map<?, ?> map && map.get("content") instanceof String content
        ? Optional.of(
            new AddedToken(
                content,
                flag(map, "single_word", false),
                flag(map, "lstrip", false),
                flag(map, "rstrip", false),
                flag(map, "normalized", !special),
                special || flag(map, "special", false)))
        : Optional.empty();
  }

  /** Returns the entry of a one-file tokenizer. */
  Map<String, Object> entry(int id) {
    return Map.of(
        "id",
        id,
        "content",
        content,
        "single_word",
        singleWord,
        "lstrip",
        lstrip,
        "rstrip",
        rstrip,
        "normalized",
        normalized,
        "special",
        special);
  }

  private static boolean flag(Map<?, ?> map, String key, boolean otherwise) {
    return map.get(key) instanceof Boolean flag ? flag : otherwise;
  }
}
