package io.darkroom.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The texts of a request for the text encoders.
 *
 * @param texts texts of the {@link #FIELDS} that the request has
 */
public record Prompts(Map<String, String> texts) {
  /** The text fields of a request. */
  public static final List<String> FIELDS =
      List.of(
          "prompt",
          "negative_prompt",
          "prompt_2",
          "negative_prompt_2",
          "prompt_3",
          "negative_prompt_3");

  /** No texts. */
  public static final Prompts NONE = new Prompts(Map.of());

  public Prompts {
    texts = Map.copyOf(texts);
  }

  /** Returns the text of a field. */
  public Optional<String> text(String field) {
    return Optional.ofNullable(texts.get(field));
  }

  /** Returns the text for the first encoder. */
  public Optional<String> prompt() {
    return text("prompt");
  }

  /** Returns the text of unconditional rows for the first encoder. */
  public Optional<String> negativePrompt() {
    return text("negative_prompt");
  }

  /** Returns a copy with defaults for missing texts. */
  public Prompts withDefaults(Map<String, String> further) {
    Map<String, String> all = new HashMap<>(further);
    all.putAll(texts);
    return new Prompts(all);
  }
}
