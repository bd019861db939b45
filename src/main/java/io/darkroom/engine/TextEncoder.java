package io.darkroom.engine;

import java.util.List;

/** A text encoder on the device. Used by the engine thread only. */
public interface TextEncoder {

  /**
   * Encodes any number of texts. The implementation batches them so that the bits of a text do not
   * depend on the others.
   *
   * @param ids token ids per text, each as long as the encoder's window
   * @return hidden states {@code [tokens, width]} per text
   */
  List<float[]> encode(List<long[]> ids);
}
