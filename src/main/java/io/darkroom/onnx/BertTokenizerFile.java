package io.darkroom.onnx;

import io.darkroom.json.JsonConfig;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds BERT's tokenizer from its list of word pieces. */
final class BertTokenizerFile {
  static final String PIECES = "vocab.txt";
  private static final String PADDING = "[PAD]";
  private static final String UNKNOWN = "[UNK]";
  private static final String BEGIN = "[CLS]";
  private static final String END = "[SEP]";
  private static final int LONGEST_WORD = 100;

  private BertTokenizerFile() {}

  static TokenizerFile read(TokenizerFolder folder) throws BrokenPackage {
    Map<String, Integer> pieces = pieces(folder);
    for (String token : List.of(PADDING, UNKNOWN, BEGIN, END)) {
      if (!pieces.containsKey(token)) {
        throw new BrokenPackage(folder.path(PIECES), token, "is missing");
      }
    }
    Optional<Config> config = folder.configIfPresent(TokenizerFolder.CONFIG);
    return new TokenizerFile(
        JsonConfig.write(whole(pieces, config)),
        List.of("BertTokenizer", "BertTokenizerFast"),
        id(pieces, END),
        id(pieces, PADDING),
        pieces.size());
  }

  private static int id(Map<String, Integer> pieces, String token) {
    return pieces.getOrDefault(token, 0);
  }

  private static Map<String, Integer> pieces(TokenizerFolder folder) throws BrokenPackage {
    String text = new String(folder.bytes(PIECES), StandardCharsets.UTF_8);
    Map<String, Integer> pieces = new LinkedHashMap<>();
    for (String line : text.split("\r?\n", -1)) {
      if (!line.isEmpty()) {
        pieces.put(line, pieces.size());
      }
    }
    return pieces;
  }

  private static Map<String, Object> whole(Map<String, Integer> pieces, Optional<Config> config) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "WordPiece");
    model.put("unk_token", UNKNOWN);
    model.put("continuing_subword_prefix", "##");
    model.put("max_input_chars_per_word", LONGEST_WORD);
    model.put("vocab", pieces);
    return Map.of(
        "version",
        "1.0",
        "added_tokens",
        added(pieces),
        "normalizer",
        normalizer(config),
        "pre_tokenizer",
        Map.of("type", "BertPreTokenizer"),
        "post_processor",
        Map.of(
            "type",
            "BertProcessing",
            "sep",
            List.of(END, id(pieces, END)),
            "cls",
            List.of(BEGIN, id(pieces, BEGIN))),
        "model",
        model);
  }

  private static List<Object> added(Map<String, Integer> pieces) {
    List<Object> added = new ArrayList<>();
    for (String token : List.of(PADDING, UNKNOWN, BEGIN, END, "[MASK]")) {
      if (pieces.containsKey(token)) {
        added.add(AddedToken.plain(token, true).entry(id(pieces, token)));
      }
    }
    return added;
  }

  private static Map<String, Object> normalizer(Optional<Config> config) {
    Map<String, Object> normalizer = new LinkedHashMap<>();
    normalizer.put("type", "BertNormalizer");
    normalizer.put("clean_text", true);
    normalizer.put("handle_chinese_chars", flag(config, "tokenize_chinese_chars"));
    boolean lowercase = flag(config, "do_lower_case");
    Object strips = config.map(given -> given.value("strip_accents")).orElse(null);
    normalizer.put("strip_accents", strips instanceof Boolean strip ? strip : lowercase);
    normalizer.put("lowercase", lowercase);
    return normalizer;
  }

  private static boolean flag(Optional<Config> config, String key) {
    return config.map(given -> !Boolean.FALSE.equals(given.value(key))).orElse(true);
  }
}
