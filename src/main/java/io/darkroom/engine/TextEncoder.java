package io.darkroom.engine;

import io.darkroom.model.EncodedText;
import java.util.List;

/** A text encoder on the device. Used by the engine thread only. */
@FunctionalInterface
public interface TextEncoder {

  /**
   * Encodes any number of texts. The bits of a text do not depend on the others.
   *
   * @param skip layers that are skipped: the hidden state is that of as many layers before
   */
  List<EncodedText> encode(List<Tokenizer.Tokens> texts, int skip);

  /** Encodes texts without skipping layers. */
  default List<EncodedText> encode(List<Tokenizer.Tokens> texts) {
    return encode(texts, 0);
  }
}
