package io.darkroom.engine;

import java.util.Optional;

/** A text as token ids, as long as the encoder's window. Read only. */
public final class Tokens {
  private final long[] ids;
  private final Optional<String> cut;

  /**
   * @param ids token ids with begin, end and padding
   * @param cut the end of the text that was cut off, if it was too long
   */
  public Tokens(long[] ids, Optional<String> cut) {
    this.ids = ids;
    this.cut = cut;
  }

  /** The ids themselves, not a copy. */
  public long[] ids() {
    return ids;
  }

  /** The end of the text that was cut off, if it was too long. */
  public Optional<String> cut() {
    return cut;
  }
}
