package io.darkroom.engine;

import io.darkroom.job.Fingerprint;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import java.util.Map;
import java.util.Objects;

/**
 * A package that the engine serves: the part that other threads need.
 *
 * @param card facts for planning
 * @param device the device, with the tier proven by the self-test
 * @param tokenizers tokenizers of its text encoders, by the component of the encoder
 * @param findings results of its self-test
 */
public record LoadedModel(
    ModelCard card,
    Fingerprint.Device device,
    Map<String, Tokenizer> tokenizers,
    Findings findings) {

  public LoadedModel {
    tokenizers = Map.copyOf(tokenizers);
  }

  /** Returns a text as tokens of its encoder. */
  public Tokenizer.Tokens tokens(ConditionPlan.Text text) {
    Tokenizer tokenizer = Objects.requireNonNull(tokenizers.get(text.encoder()), text.encoder());
    return tokenizer.encode(text.value(), text.tokens());
  }
}
