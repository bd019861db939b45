package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pieces of words and the order of merging them, from {@code vocab.json} and {@code
 * merges.txt}, or from {@code tokenizer.json}, the only file that transformers 5 writes.
 *
 * @param file the file that contains the pieces
 * @param ids id by piece
 * @param merges two pieces with a blank between them, in the order in which they are tried
 */
record ClipVocabulary(String file, Map<String, Integer> ids, List<String> merges) {
  private static final String PIECES = "vocab.json";
  private static final String MERGES = "merges.txt";

  /**
   * Reads the vocabulary.
   *
   * @param whole {@code tokenizer.json} if there is one; it takes precedence, and the other files
   *     must agree with it
   */
  static ClipVocabulary read(TokenizerFolder folder, Optional<Config> whole) throws BrokenPackage {
    if (whole.isEmpty()) {
      return ofTwoFiles(folder);
    }
    ClipVocabulary vocabulary = ofOneFile(folder, whole.get());
    if (folder.has(PIECES)) {
      ClipVocabulary other = ofTwoFiles(folder);
      if (!other.ids.equals(vocabulary.ids) || !other.merges.equals(vocabulary.merges)) {
        throw whole
            .get()
            .broken("model", "must have the pieces of " + folder.path(PIECES) + ", has others");
      }
    }
    return vocabulary;
  }

  private static ClipVocabulary ofTwoFiles(TokenizerFolder folder) throws BrokenPackage {
    Config pieces = folder.config(PIECES);
    String text = new String(folder.bytes(MERGES), StandardCharsets.UTF_8);
    List<String> merges = new ArrayList<>();
    for (String line : text.split("\r?\n", -1)) {
      if (!line.isBlank() && !line.startsWith("#version")) {
        merges.add(line);
      }
    }
    return new ClipVocabulary(folder.path(PIECES), ids(pieces, pieces.values()), merges);
  }

  private static ClipVocabulary ofOneFile(TokenizerFolder folder, Config whole)
      throws BrokenPackage {
    if (!(whole.value("model") instanceof Map<?, ?> model
        && model.get("vocab") instanceof Map<?, ?> pieces
        && model.get("merges") instanceof List<?> pairs)) {
      throw whole.broken("model", "must have vocab and merges");
    }
    List<String> merges = new ArrayList<>();
    for (Object pair : pairs) {
      merges.add(pair instanceof List<?> two ? joined(whole, two) : String.valueOf(pair));
    }
    return new ClipVocabulary(folder.path(TokenizerFolder.WHOLE), ids(whole, pieces), merges);
  }

  private static Map<String, Integer> ids(Config file, Map<?, ?> pieces) throws BrokenPackage {
    Map<String, Integer> ids = new HashMap<>();
    for (Map.Entry<?, ?> piece : pieces.entrySet()) {
      if (!(piece.getValue() instanceof Integer id && id >= 0)) {
        throw file.broken(
            String.valueOf(piece.getKey()),
            "must be an integer, 0 or more, is " + piece.getValue());
      }
      ids.put(String.valueOf(piece.getKey()), id);
    }
    return ids;
  }

  private static String joined(Config whole, List<?> two) throws BrokenPackage {
    if (two.size() != 2) {
      throw whole.broken("model", "must have merges of two pieces, has " + two);
    }
    return two.get(0) + " " + two.get(1);
  }
}
