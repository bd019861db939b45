package io.darkroom.engine;

/** Turns texts into the token ids of one text encoder. Safe for use by many threads. */
@FunctionalInterface
public interface Tokenizer {

  /** The ids of a text, padded to the encoder's window or cut to it. */
  Tokens encode(String text);
}
