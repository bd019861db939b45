package io.darkroom.render;

import io.darkroom.engine.Tokenizer;
import io.darkroom.engine.Tokens;
import io.darkroom.model.ConditionPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The texts of a request as token ids.
 *
 * @param texts token ids of each text of its conditions
 * @param warnings the parts of texts that were cut off
 */
record Prompting(List<Tokens> texts, List<String> warnings) {

  static Prompting of(List<ConditionPlan> conditions, Optional<Tokenizer> tokenizer) {
    List<Tokens> texts = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (ConditionPlan condition : conditions) {
      for (ConditionPlan.Text text : condition.texts()) {
        Tokens tokens = tokenizer.orElseThrow().encode(text.value());
        tokens.cut().ifPresent(cut -> warnings.add(warning(text.field(), cut)));
        texts.add(tokens);
      }
    }
    return new Prompting(texts, warnings);
  }

  private static String warning(String field, String cut) {
    return field + ": longer than the model's context, truncated: \"" + cut + "\"";
  }
}
