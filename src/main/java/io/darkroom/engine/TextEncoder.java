package io.darkroom.engine;

import java.util.List;

/** A text encoder on the device. Used by the engine thread only. */
public interface TextEncoder {

  /**
   * Encodes texts, any number of them: the implementation batches them so that a text's bits do not
   * depend on its neighbours.
   *
   * @param ids token ids per text, each as long as the encoder's window
   * @return per text the hidden states {@code [tokens, width]}
   */
  List<float[]> encode(List<long[]> ids);
}
