package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.util.Map;

/** The text encoder of a package, with its tokenizer. */
record TextNetworks(ClipTokenizer tokenizer, OrtTextEncoder encoder) implements AutoCloseable {

  /**
   * @param window token ids per text
   * @param tokenizer outlives the networks, since other threads use it
   */
  static TextNetworks open(
      ModelPackage pack, int window, ClipTokenizer tokenizer, NetworkSettings settings)
      throws BrokenPackage {
    return new TextNetworks(tokenizer, OrtTextEncoder.open(pack.folder(), window, settings));
  }

  /** Digests of what the networks give for inputs that are always the same. */
  Map<String, String> answers() {
    return Map.of("text_encoder", encoder.answer());
  }

  /** The networks are known to end. */
  void proven() {
    encoder.proven();
  }

  @Override
  public void close() {
    encoder.close();
  }
}
