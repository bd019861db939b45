package io.darkroom.render;

import io.darkroom.engine.Texts;
import io.darkroom.engine.Tokenizer;
import io.darkroom.engine.Tokens;
import io.darkroom.plan.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request's texts as the encoder wants them.
 *
 * @param texts token ids, where there is a text condition
 * @param warnings what of an overlong text was cut off
 */
record Prompting(Optional<Texts> texts, List<String> warnings) {

  /** No texts. */
  static final Prompting NONE = new Prompting(Optional.empty(), List.of());

  static Prompting of(Condition condition, Optional<Tokenizer> tokenizer) {
    if (!(condition instanceof Condition.Text text)) {
      return NONE;
    }
    Tokenizer words = tokenizer.orElseThrow();
    Tokens prompt = words.encode(text.prompt());
    Tokens negative = words.encode(text.negativePrompt());
    List<String> warnings = new ArrayList<>();
    prompt.cut().ifPresent(cut -> warnings.add(warning("prompt", cut)));
    negative.cut().ifPresent(cut -> warnings.add(warning("negative_prompt", cut)));
    return new Prompting(Optional.of(new Texts(prompt.ids(), negative.ids())), warnings);
  }

  private static String warning(String field, String cut) {
    return field + ": longer than the model's context, truncated: \"" + cut + "\"";
  }
}
