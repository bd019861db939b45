package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Refuses settings of a tokenizer that would give other ids than the worker makes. */
final class TokenizerSettings {
  private static final List<String> CLASSES = List.of("CLIPTokenizer", "CLIPTokenizerFast");

  private TokenizerSettings() {}

  /**
   * @param window ids that the text encoder takes
   * @param size of the table of embeddings that the tokens need
   * @throws BrokenPackage where a setting cannot be honoured
   */
  static void check(Path folder, int window, int size) throws BrokenPackage {
    Optional<Config> config = ConfigFile.readIfPresent(folder, "tokenizer/tokenizer_config.json");
    if (config.isPresent()) {
      check(config.get(), window);
    }
    Optional<Config> whole = ConfigFile.readIfPresent(folder, ClipTokenizerFile.WHOLE);
    if (whole.isPresent()) {
      checkDirection(whole.get(), "padding");
      checkDirection(whole.get(), "truncation");
    }
    Optional<Config> encoder = ConfigFile.readIfPresent(folder, ModelPackage.TEXT_ENCODER_CONFIG);
    if (encoder.isPresent() && encoder.get().integer("vocab_size").orElse(size) < size) {
      throw encoder
          .get()
          .broken(
              "vocab_size",
              "must be at least the %d ids of the tokenizer, is %s"
                  .formatted(size, encoder.get().value("vocab_size")));
    }
  }

  private static void check(Config config, int window) throws BrokenPackage {
    Object kind = config.value("tokenizer_class");
    if (kind != null && !CLASSES.contains(kind)) {
      throw config.broken("tokenizer_class", "must be " + CLASSES.get(0) + ", is " + kind);
    }
    only(config, "padding_side", "right");
    only(config, "truncation_side", "right");
    only(config, "split_special_tokens", false);
    if (config.value("model_max_length") instanceof Number most && most.doubleValue() < window) {
      throw config.broken(
          "model_max_length",
          "must be the %d of %s, is %s".formatted(window, ModelPackage.TEXT_ENCODER_CONFIG, most));
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
