package io.darkroom.onnx;

import io.darkroom.json.JsonConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CLIP's tokenizer as packages have it, {@code vocab.json} and {@code merges.txt}, made into the
 * one-file form that the tokenizer library reads.
 *
 * @param json the one-file form
 * @param end id that ends a text
 * @param padding id that fills the window behind it
 */
record ClipTokenizerFile(String json, int end, int padding) {
  private static final String VOCABULARY = "tokenizer/vocab.json";
  private static final String MERGES = "tokenizer/merges.txt";
  private static final String SPECIAL = "tokenizer/special_tokens_map.json";

  /** How CLIP cuts text into words: contractions, letters, single digits, everything else. */
  private static final String WORDS =
      "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  static ClipTokenizerFile read(Path folder) throws BrokenPackage {
    ConfigFile vocabulary = ConfigFile.read(folder, VOCABULARY);
    Optional<ConfigFile> special = ConfigFile.readIfPresent(folder, SPECIAL);
    String begin = token(special, "bos_token", "<|startoftext|>");
    String end = token(special, "eos_token", "<|endoftext|>");
    String padding = token(special, "pad_token", end);
    Map<String, Object> tokenizer =
        Map.of(
            "version",
            "1.0",
            "added_tokens",
            List.of(added(vocabulary, begin), added(vocabulary, end)),
            "normalizer",
            normalizer(),
            "pre_tokenizer",
            words(),
            "post_processor",
            ends(vocabulary, begin, end),
            "model",
            model(vocabulary, merges(folder), end));
    return new ClipTokenizerFile(
        JsonConfig.write(tokenizer), id(vocabulary, end), id(vocabulary, padding));
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

  private static Map<String, Object> words() {
    Map<String, Object> split =
        Map.of(
            "type",
            "Split",
            "pattern",
            Map.of("Regex", WORDS),
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

  private static Map<String, Object> ends(ConfigFile vocabulary, String begin, String end)
      throws BrokenPackage {
    return Map.of(
        "type",
        "RobertaProcessing",
        "sep",
        List.of(end, id(vocabulary, end)),
        "cls",
        List.of(begin, id(vocabulary, begin)),
        "trim_offsets",
        false,
        "add_prefix_space",
        false);
  }

  private static Map<String, Object> model(
      ConfigFile vocabulary, List<String> merges, String unknown) {
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
        "vocab",
        vocabulary.values(),
        "merges",
        merges);
  }

  private static Map<String, Object> added(ConfigFile vocabulary, String token)
      throws BrokenPackage {
    return Map.of(
        "id",
        id(vocabulary, token),
        "content",
        token,
        "single_word",
        false,
        "lstrip",
        false,
        "rstrip",
        false,
        "normalized",
        false,
        "special",
        true);
  }

  private static List<String> merges(Path folder) throws BrokenPackage {
    String text = new String(ConfigFile.bytes(folder, MERGES), StandardCharsets.UTF_8);
    List<String> merges = new ArrayList<>();
    for (String line : text.split("\r?\n", -1)) {
      if (!line.isBlank() && !line.startsWith("#version")) {
        merges.add(line);
      }
    }
    return merges;
  }

  private static int id(ConfigFile vocabulary, String token) throws BrokenPackage {
    return vocabulary
        .integer(token)
        .orElseThrow(() -> vocabulary.broken(token, "is missing, though it is a special token"));
  }

  private static String token(Optional<ConfigFile> special, String key, String otherwise)
      throws BrokenPackage {
    if (special.isEmpty() || !special.get().has(key)) {
      return otherwise;
    }
    Object value = special.get().value(key);
    if (value instanceof Map<?, ?> map) {
      value = map.get("content");
    }
    if (value instanceof String token) {
      return token;
    }
    throw special.get().broken(key, "must be a token, is " + value);
  }
}
