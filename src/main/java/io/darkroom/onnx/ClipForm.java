package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The steps of CLIP's tokenizer in the format of {@code tokenizer.json}, as transformers 5 builds
 * them regardless of that file.
 *
 * @param begin token that begins a text, and its id
 * @param end token that ends it, and its id
 * @param unknown token for text that no piece covers
 */
record ClipForm(List<Object> begin, List<Object> end, String unknown) {

  /**
   * CLIP's rule for splitting text into words: contractions, letters, single digits, everything
   * else.
   */
  private static final String WORDS =
      "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  /** The marks are words if their letters have another case than the tokens. */
  private static final String MARKS = "<\\|startoftext\\|>|<\\|endoftext\\|>|";

  /** Returns the complete file. */
  Map<String, Object> file(ClipVocabulary vocabulary, List<Object> added) {
    Map<String, Object> model = new HashMap<>(model());
    model.put("vocab", vocabulary.ids());
    model.put("merges", vocabulary.merges());
    return Map.of(
        "version",
        "1.0",
        "added_tokens",
        added,
        "normalizer",
        normalizer(),
        "pre_tokenizer",
        words(MARKS + WORDS),
        "post_processor",
        ends(),
        "model",
        model);
  }

  /**
   * Compares a package's file with these steps. Missing settings are assumed to be equal.
   *
   * @throws BrokenPackage if it has other steps
   */
  void check(Config given) throws BrokenPackage {
    same(given, "normalizer", normalizer());
    same(given, "post_processor", ends());
    same(given, "model", model());
    if (!agrees(given.value("pre_tokenizer"), words(WORDS))) {
      same(given, "pre_tokenizer", words(MARKS + WORDS));
    }
  }

  private static void same(Config given, String key, Map<String, Object> ours)
      throws BrokenPackage {
    if (!agrees(given.value(key), ours)) {
      throw given.broken(key, "must be that of CLIP, " + ours + ", is different");
    }
  }

  private static boolean agrees(@Nullable Object given, @Nullable Object ours) {
    if (given instanceof Map<?, ?> fields && ours instanceof Map<?, ?> own) {
      return fields.entrySet().stream()
          .allMatch(
              field ->
                  List.of("vocab", "merges").contains(field.getKey())
                      || agrees(field.getValue(), own.get(field.getKey())));
    }
    if (given instanceof List<?> list && ours instanceof List<?> own && list.size() == own.size()) {
      for (int i = 0; i < list.size(); i++) {
        if (!agrees(list.get(i), own.get(i))) {
          return false;
        }
      }
      return true;
    }
    return Objects.equals(given, ours);
  }

  private static Map<String, Object> normalizer() {
    return Map.of(
        "type",
        "Sequence",
        "normalizers",
        List.of(
            Map.of("type", "NFC"),
            Map.of("type", "Replace", "pattern", Map.of("Regex", "\\s+"), "content", " "),
            Map.of("type", "Lowercase")));
  }

  private static Map<String, Object> words(String pattern) {
    Map<String, Object> split =
        Map.of(
            "type",
            "Split",
            "pattern",
            Map.of("Regex", pattern),
            "behavior",
            "Removed",
            "invert",
            true);
    Map<String, Object> bytes =
        Map.of(
            "type",
            "ByteLevel",
            "add_prefix_space",
            false,
            "trim_offsets",
            true,
            "use_regex",
            true);
    return Map.of("type", "Sequence", "pretokenizers", List.of(split, bytes));
  }

  private Map<String, Object> ends() {
    return Map.of(
        "type",
        "RobertaProcessing",
        "sep",
        end,
        "cls",
        begin,
        "trim_offsets",
        false,
        "add_prefix_space",
        false);
  }

  private Map<String, Object> model() {
    return Map.of(
        "type",
        "BPE",
        "unk_token",
        unknown,
        "continuing_subword_prefix",
        "",
        "end_of_word_suffix",
        "</w>",
        "fuse_unk",
        false,
        "byte_fallback",
        false,
        "ignore_merges",
        false);
  }
}
