package io.darkroom.onnx;

import java.util.Map;
import java.util.Optional;

/**
 * A token that a tokenizer finds in a text before it cuts the text into words.
 *
 * @param singleWord found only where no letter or digit touches it
 * @param lstrip takes the white space before it
 * @param rstrip takes the white space behind it
 * @param normalized found in the normalized text, so in any case of its letters; else in the text
 *     as it was given
 * @param special a control token
 */
record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {

  /** A token that is given by its text alone. */
  static AddedToken plain(String content, boolean special) {
    return new AddedToken(content, false, false, false, !special, special);
  }

  /** A token as tokenizer files write it, as text or as an object; empty where it is neither. */
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

  /** The entry of a one-file tokenizer. */
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
