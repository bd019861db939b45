package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.util.HashMap;
import java.util.Map;

/** The ids of all tokens: those of the vocabulary, followed by those of added tokens. */
final class TokenIds {
  private final String file;
  private final Map<String, Integer> ids;

  private TokenIds(ClipVocabulary vocabulary) {
    this.file = vocabulary.file();
    this.ids = new HashMap<>(vocabulary.ids());
  }

  /**
   * @throws BrokenPackage if a file declares another id than the token's position gives, because
   *     versions of transformers differ in which of the two they use
   */
  static TokenIds of(TokenizerFolder folder, ClipVocabulary vocabulary, TokenRoles roles)
      throws BrokenPackage {
    TokenIds tokens = new TokenIds(vocabulary);
    for (Map.Entry<Integer, AddedToken> declared : roles.declared().entrySet()) {
      String content = declared.getValue().content();
      tokens.ids.putIfAbsent(content, tokens.ids.size());
      int id = tokens.id(content);
      if (id != declared.getKey()) {
        throw folder.broken(content, "must have the id " + id + ", has " + declared.getKey());
      }
    }
    return tokens;
  }

  int id(String token) throws BrokenPackage {
    Integer id = ids.get(token);
    if (id == null) {
      throw new BrokenPackage(file, token, "is missing, though it is a special token");
    }
    return id;
  }

  /** Returns the largest id plus one. */
  int size() {
    return ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
  }
}
