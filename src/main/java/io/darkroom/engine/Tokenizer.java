package io.darkroom.engine;

import java.util.Optional;

/** Turns texts into the token ids of one text encoder. Safe for use by many threads. */
@FunctionalInterface
public interface Tokenizer {

  /**
   * Returns the token ids of a text.
   *
   * @param length number of tokens to which it is padded or truncated
   */
  Tokens encode(String text, int length);

  /** A text as token ids, padded to the encoder's window. Read only. */
  final class Tokens {
    private final long[] ids;
    private final int used;
    private final Optional<String> cut;

    /**
     * @param ids token ids with begin, end and padding
     * @param used number of tokens before the padding
     * @param cut the end of the text that was truncated, if it was too long
     */
    public Tokens(long[] ids, int used, Optional<String> cut) {
      this.ids = ids;
      this.used = used;
      this.cut = cut;
    }

    /** Returns the ids without a copy. */
    public long[] ids() {
      return ids;
    }

    /** Returns the number of tokens before the padding. */
    public int used() {
      return used;
    }

    /** Returns the end of the text that was truncated, if it was too long. */
    public Optional<String> cut() {
      return cut;
    }
  }
}
