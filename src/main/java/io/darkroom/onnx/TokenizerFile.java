package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tokenizer in the one-file format that the tokenizer library reads.
 *
 * @param json the file
 * @param classes names of its kind in {@code tokenizer_config.json}
 * @param end id that ends a text
 * @param padding id that fills the rest of the window
 * @param size required size of the embedding table
 */
record TokenizerFile(String json, List<String> classes, int end, int padding, int size) {

  TokenizerFile {
    classes = List.copyOf(classes);
  }

  /**
   * Reads the tokenizer of a folder: T5's if its one file contains unigrams, BERT's if there is a
   * list of pieces, else CLIP's.
   *
   * @throws BrokenPackage if something is missing or not supported
   */
  static TokenizerFile read(TokenizerFolder folder) throws BrokenPackage {
    if (folder.has(BertTokenizerFile.PIECES)) {
      return BertTokenizerFile.read(folder);
    }
    Optional<Config> whole = folder.configIfPresent(TokenizerFolder.WHOLE);
    if (whole.isPresent() && ofUnigrams(whole.get())) {
      return unigrams(folder, whole.get());
    }
    if (whole.isEmpty() && folder.has("spiece.model")) {
      throw folder.broken(
          TokenizerFolder.WHOLE,
          "is missing: save the tokenizer with transformers' T5TokenizerFast, which writes it");
    }
    return ClipTokenizerFile.read(folder);
  }

  private static boolean ofUnigrams(Config whole) {
    return whole.value("model") instanceof Map<?, ?> model && "Unigram".equals(model.get("type"));
  }

  private static TokenizerFile unigrams(TokenizerFolder folder, Config whole) throws BrokenPackage {
    int size =
        whole.value("model") instanceof Map<?, ?> model
                && model.get("vocab") instanceof List<?> vocab
            ? vocab.size()
            : 0;
    return new TokenizerFile(
        new String(folder.bytes(TokenizerFolder.WHOLE), StandardCharsets.UTF_8),
        List.of("T5Tokenizer", "T5TokenizerFast"),
        id(whole, "</s>"),
        id(whole, "<pad>"),
        size);
  }

  private static int id(Config whole, String token) throws BrokenPackage {
    for (Object added : whole.list("added_tokens")) {
      if (added instanceof Map<?, ?> entry
          && token.equals(entry.get("content"))
          && entry.get("id") instanceof Integer id) {
        return id;
      }
    }
    throw whole.broken("added_tokens", "must have " + token);
  }
}
