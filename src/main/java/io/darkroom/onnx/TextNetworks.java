package io.darkroom.onnx;

import io.darkroom.engine.TextEncoder;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.TextEncoderInfo;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The text encoders of a package.
 *
 * @param encoders by component
 */
record TextNetworks(Map<String, OrtTextEncoder> encoders) implements AutoCloseable {

  /**
   * Opens all text encoders.
   *
   * @throws BrokenPackage if one of them cannot be loaded
   */
  static TextNetworks open(ModelPackage pack, NetworkSettings settings) throws BrokenPackage {
    TextNetworks networks = new TextNetworks(new LinkedHashMap<>());
    boolean opened = false;
    try {
      for (TextEncoderInfo info : pack.card().textEncoders()) {
        networks.encoders.put(info.component(), OrtTextEncoder.open(pack.folder(), info, settings));
      }
      opened = true;
      return networks;
    } finally {
      if (!opened) {
        networks.close();
      }
    }
  }

  /** Returns the encoders as ports of the engine. */
  Map<String, TextEncoder> ports() {
    return Map.copyOf(encoders);
  }

  /** Returns digests of the networks' outputs for fixed inputs. */
  Map<String, String> answers() {
    Map<String, String> answers = new LinkedHashMap<>();
    encoders.forEach((component, encoder) -> answers.put(component, encoder.answer()));
    return answers;
  }

  /** See {@link Session#removeLimit}. */
  void removeLimit() {
    encoders.values().forEach(OrtTextEncoder::removeLimit);
  }

  @Override
  public void close() {
    encoders.values().forEach(OrtTextEncoder::close);
  }
}
