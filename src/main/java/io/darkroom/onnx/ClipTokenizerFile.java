package io.darkroom.onnx;

import io.darkroom.json.JsonConfig;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CLIP's tokenizer as packages have it, made into the one-file form that the tokenizer library
 * reads.
 *
 * @param json the one-file form
 * @param end id that ends a text
 * @param padding id that fills the window behind it
 * @param size of the table of embeddings that the ids need
 */
record ClipTokenizerFile(String json, int end, int padding, int size) {
  static final String WHOLE = "tokenizer/tokenizer.json";

  /**
   * @throws BrokenPackage where something is missing, is not CLIP's, or cannot be honoured
   */
  static ClipTokenizerFile read(Path folder) throws BrokenPackage {
    Optional<Config> whole = ConfigFile.readIfPresent(folder, WHOLE);
    ClipVocabulary vocabulary = ClipVocabulary.read(folder, whole);
    TokenRoles roles = TokenRoles.read(folder, whole);
    TokenIds ids = TokenIds.of(vocabulary, roles);
    ClipForm form =
        new ClipForm(mark(ids, roles, "bos"), mark(ids, roles, "eos"), roles.text("unk"));
    if (whole.isPresent()) {
      form.check(whole.get());
    }
    List<Object> added = new ArrayList<>();
    for (AddedToken token : roles.found()) {
      added.add(token.entry(ids.id(token.content())));
    }
    return new ClipTokenizerFile(
        JsonConfig.write(form.file(vocabulary, added)),
        ids.id(roles.text("eos")),
        ids.id(roles.text("pad")),
        ids.size());
  }

  private static List<Object> mark(TokenIds ids, TokenRoles roles, String role)
      throws BrokenPackage {
    return List.of(roles.text(role), ids.id(roles.text(role)));
  }
}
