package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tokens that begin, end and pad a text, and those that are found in a text before it is split
 * into words. The rules are those of {@code from_pretrained} in transformers 5: if {@code
 * tokenizer_config.json} has {@code added_tokens_decoder}, it is complete; else {@code
 * special_tokens_map.json} overrides {@code tokenizer_config.json}, and {@code added_tokens.json}
 * and {@code tokenizer.json} add their tokens.
 */
final class TokenRoles {
  private static final String SPECIAL = "special_tokens_map.json";
  private static final String ADDED = "added_tokens.json";
  private static final String DECODER = "added_tokens_decoder";
  private static final String ROLE = "_token";

  /** The order matters: if two roles describe one token differently, the later one applies. */
  private static final List<String> ROLES =
      List.of("bos", "eos", "unk", "sep", "pad", "cls", "mask");

  private static final List<String> LISTS =
      List.of("extra_special_tokens", "additional_special_tokens");

  private final Map<String, AddedToken> roles = new LinkedHashMap<>();
  private final Set<AddedToken> listed = new LinkedHashSet<>();
  private final SortedMap<Integer, AddedToken> declared = new TreeMap<>();

  private TokenRoles() {
    for (String role : List.of("eos", "unk", "pad")) {
      roles.put(role + ROLE, AddedToken.plain("<|endoftext|>", true));
    }
    roles.put("bos" + ROLE, AddedToken.plain("<|startoftext|>", true));
  }

  /**
   * Reads the roles.
   *
   * @param whole {@code tokenizer.json}, if there is one
   */
  static TokenRoles read(TokenizerFolder folder, Optional<Config> whole) throws BrokenPackage {
    TokenRoles tokens = new TokenRoles();
    Optional<Config> config = folder.configIfPresent(TokenizerFolder.CONFIG);
    if (config.isPresent()) {
      tokens.takeRoles(config.get());
      if (config.get().has(DECODER)) {
        tokens.declareAll(config.get());
        return tokens;
      }
    }
    Optional<Config> special = folder.configIfPresent(SPECIAL);
    if (special.isPresent()) {
      tokens.takeRoles(special.get());
    }
    Optional<Config> added = folder.configIfPresent(ADDED);
    if (added.isPresent()) {
      tokens.declareIds(added.get());
    }
    if (whole.isPresent()) {
      tokens.declareEntries(whole.get());
    }
    return tokens;
  }

  /** Returns the text of the token with a role, e.g. {@code pad}. */
  String text(String role) {
    return Objects.requireNonNull(roles.get(role + ROLE)).content();
  }

  /** Returns the ids of tokens that the files declare. */
  SortedMap<Integer, AddedToken> declared() {
    return declared;
  }

  /**
   * Returns the tokens that are found in texts, each text once, in the order in which they are
   * added.
   */
  Collection<AddedToken> found() {
    Map<String, AddedToken> found = new LinkedHashMap<>();
    declared.values().forEach(token -> found.put(token.content(), token));
    Set<String> known = Set.copyOf(found.keySet());
    for (AddedToken token : named()) {
      if (!known.contains(token.content())) {
        found.put(token.content(), token);
      }
    }
    return found.values();
  }

  /**
   * Returns the named tokens. Of equal ones only the first is kept, so that a later different one
   * applies.
   */
  private Set<AddedToken> named() {
    Set<AddedToken> named = new LinkedHashSet<>();
    for (String role : ROLES) {
      Optional.ofNullable(roles.get(role + ROLE)).ifPresent(named::add);
    }
    named.addAll(roles.values());
    named.addAll(listed);
    return named;
  }

  private void takeRoles(Config file) throws BrokenPackage {
    for (Map.Entry<String, Object> entry : file.values().entrySet()) {
      boolean role = entry.getKey().endsWith(ROLE) && !(entry.getValue() instanceof Boolean);
      if (role) {
        roles.put(entry.getKey(), token(file, entry.getKey(), entry.getValue(), true));
      }
    }
    for (String list : LISTS) {
      takeList(file, list);
    }
  }

  /** Reads a list of tokens, or an object that names the model's own roles. */
  private void takeList(Config file, String key) throws BrokenPackage {
    Collection<?> tokens =
        file.value(key) instanceof Map<?, ?> named ? named.values() : file.list(key);
    for (Object token : tokens) {
      listed.add(token(file, key, token, true));
    }
  }

  private void declareAll(Config config) throws BrokenPackage {
    if (!(config.value(DECODER) instanceof Map<?, ?> tokens)) {
      throw config.broken(DECODER, "must be an object, is " + config.value(DECODER));
    }
    for (Map.Entry<?, ?> entry : tokens.entrySet()) {
      String id = String.valueOf(entry.getKey());
      if (!id.matches("[0-9]{1,9}")) {
        throw config.broken(DECODER, "must have ids as its keys, has " + id);
      }
      declared.put(Integer.valueOf(id), token(config, DECODER, entry.getValue(), false));
    }
  }

  private void declareIds(Config added) throws BrokenPackage {
    Set<String> special = new LinkedHashSet<>();
    named().forEach(token -> special.add(token.content()));
    for (String content : added.values().keySet()) {
      int id = added.integer(content).orElseThrow();
      declared.put(id, AddedToken.plain(content, special.contains(content)));
    }
  }

  private void declareEntries(Config whole) throws BrokenPackage {
    for (Object entry : whole.list("added_tokens")) {
      AddedToken token = token(whole, "added_tokens", entry, false);
      if (!(((Map<?, ?>) entry).get("id") instanceof Integer id)) {
        throw whole.broken("added_tokens", "must have an id for " + token.content());
      }
      declared.put(id, token);
    }
  }

  private static AddedToken token(Config file, String key, Object value, boolean special)
      throws BrokenPackage {
    return AddedToken.of(value, special)
        .filter(token -> !token.content().isEmpty())
        .orElseThrow(() -> file.broken(key, "must be a token, is " + value));
  }
}
