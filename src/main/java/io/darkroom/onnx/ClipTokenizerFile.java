package io.darkroom.onnx;

import io.darkroom.json.JsonConfig;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Converts CLIP's tokenizer files to the one-file format that the tokenizer library reads. */
final class ClipTokenizerFile {

  private ClipTokenizerFile() {}

  /**
   * Reads the tokenizer.
   *
   * @throws BrokenPackage if something is missing, is not CLIP's, or is not supported
   */
  static TokenizerFile read(TokenizerFolder folder) throws BrokenPackage {
    Optional<Config> whole = folder.configIfPresent(TokenizerFolder.WHOLE);
    ClipVocabulary vocabulary = ClipVocabulary.read(folder, whole);
    TokenRoles roles = TokenRoles.read(folder, whole);
    TokenIds ids = TokenIds.of(folder, vocabulary, roles);
    ClipForm form =
        new ClipForm(mark(ids, roles, "bos"), mark(ids, roles, "eos"), roles.text("unk"));
    if (whole.isPresent()) {
      form.check(whole.get());
    }
    List<Object> added = new ArrayList<>();
    for (AddedToken token : roles.found()) {
      added.add(token.entry(ids.id(token.content())));
    }
    return new TokenizerFile(
        JsonConfig.write(form.file(vocabulary, added)),
        List.of("CLIPTokenizer", "CLIPTokenizerFast"),
        ids.id(roles.text("eos")),
        ids.id(roles.text("pad")),
        ids.size());
  }

  private static List<Object> mark(TokenIds ids, TokenRoles roles, String role)
      throws BrokenPackage {
    return List.of(roles.text(role), ids.id(roles.text(role)));
  }
}
