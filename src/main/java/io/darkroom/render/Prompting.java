package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.Tokenizer;
import io.darkroom.model.ConditionPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The texts of a request as token ids.
 *
 * @param texts token ids of each text of its conditions
 * @param warnings warnings about truncated texts and unsupported weights of words
 */
record Prompting(Map<ConditionPlan.Text, Tokenizer.Tokens> texts, List<String> warnings) {

  static Prompting of(List<ConditionPlan> conditions, LoadedModel model) {
    Map<ConditionPlan.Text, Tokenizer.Tokens> texts = new HashMap<>();
    List<String> warnings = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (ConditionPlan condition : conditions) {
      for (ConditionPlan.Text text : condition.texts()) {
        Tokenizer.Tokens tokens = model.tokens(text);
        tokens.cut().ifPresent(cut -> warnings.add(warning(text, cut)));
        if (seen.add(text.value())) {
          Emphasis.warning(text.field(), text.value()).ifPresent(warnings::add);
        }
        texts.put(text, tokens);
      }
    }
    return new Prompting(texts, warnings);
  }

  private static String warning(ConditionPlan.Text text, String cut) {
    return "%s: longer than the %d tokens of %s, truncated: \"%s\""
        .formatted(text.field(), text.tokens(), text.encoder(), cut);
  }
}
