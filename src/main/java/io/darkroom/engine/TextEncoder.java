package io.darkroom.engine;

import io.darkroom.model.EncodedText;
import java.util.List;

/** A text encoder on the device. Used by the engine thread only. */
public interface TextEncoder {

  /** Encodes any number of texts. The bits of a text do not depend on the others. */
  List<EncodedText> encode(List<Tokenizer.Tokens> texts);
}
