package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.TextEncoderInfo;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Refuses settings of a tokenizer that would give other ids than this implementation. */
final class TokenizerSettings {
  private TokenizerSettings() {}

  /**
   * @param encoder encoder of the ids
   * @throws BrokenPackage if a setting is not supported
   */
  static void check(TokenizerFolder folder, TextEncoderInfo encoder, TokenizerFile file)
      throws BrokenPackage {
    Optional<Config> config = folder.configIfPresent(TokenizerFolder.CONFIG);
    if (config.isPresent()) {
      check(config.get(), encoder, file);
    }
    Optional<Config> whole = folder.configIfPresent(TokenizerFolder.WHOLE);
    if (whole.isPresent()) {
      checkDirection(whole.get(), "padding");
      checkDirection(whole.get(), "truncation");
    }
    int size = file.size();
    Optional<Config> network =
        ConfigFile.readIfPresent(folder.root(), encoder.component() + "/config.json");
    if (network.isPresent() && network.get().integer("vocab_size").orElse(size) < size) {
      throw network
          .get()
          .broken(
              "vocab_size",
              "must be at least the %d ids of the tokenizer, is %s"
                  .formatted(size, network.get().value("vocab_size")));
    }
  }

  private static void check(Config config, TextEncoderInfo encoder, TokenizerFile file)
      throws BrokenPackage {
    Object kind = config.value("tokenizer_class");
    if (kind != null && !file.classes().contains(kind)) {
      throw config.broken("tokenizer_class", "must be " + file.classes().get(0) + ", is " + kind);
    }
    only(config, "padding_side", "right");
    only(config, "truncation_side", "right");
    only(config, "split_special_tokens", false);
    if (!encoder.anyLength()
        && config.value("model_max_length") instanceof Number most
        && most.doubleValue() < encoder.window()) {
      throw config.broken(
          "model_max_length",
          "must be the %d of %s/config.json, is %s"
              .formatted(encoder.window(), encoder.component(), most));
    }
  }

  private static void only(Config config, String key, Object served) throws BrokenPackage {
    if (!Objects.requireNonNullElse(config.value(key), served).equals(served)) {
      throw config.broken(key, "must be " + served + ", is " + config.value(key));
    }
  }

  private static void checkDirection(Config whole, String key) throws BrokenPackage {
    if (whole.value(key) instanceof Map<?, ?> step
        && !"Right".equals(Objects.requireNonNullElse(step.get("direction"), "Right"))) {
      throw whole.broken(key, "must have the direction Right, has " + step.get("direction"));
    }
  }
}
