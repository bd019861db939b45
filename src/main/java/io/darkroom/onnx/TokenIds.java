package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.util.HashMap;
import java.util.Map;

/** The ids of all tokens: those of the vocabulary, and behind them those of added tokens. */
final class TokenIds {
  private final String file;
  private final Map<String, Integer> ids;

  private TokenIds(ClipVocabulary vocabulary) {
    this.file = vocabulary.file();
    this.ids = new HashMap<>(vocabulary.ids());
  }

  /**
   * @throws BrokenPackage where a file declares another id than the token's place gives it, which
   *     some versions of transformers go by and some do not
   */
  static TokenIds of(ClipVocabulary vocabulary, TokenRoles roles) throws BrokenPackage {
    TokenIds tokens = new TokenIds(vocabulary);
    for (Map.Entry<Integer, AddedToken> declared : roles.declared().entrySet()) {
      String content = declared.getValue().content();
      tokens.ids.putIfAbsent(content, tokens.ids.size());
      int id = tokens.id(content);
      if (id != declared.getKey()) {
        throw new BrokenPackage(
            "tokenizer", content, "must have the id " + id + ", has " + declared.getKey());
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

  /** One more than the largest id. */
  int size() {
    return ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
  }
}
