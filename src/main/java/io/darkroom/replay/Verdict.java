package io.darkroom.replay;

import java.util.Locale;

/** Result of the comparison of a second render with the stored one, from best to worst. */
public enum Verdict {
  /** Every file has the same bytes. */
  EQUAL_FILES,
  /**
   * The decoded contents are equal. The files differ, e.g. in the fingerprint that they contain.
   */
  EQUAL_PIXELS,
  /** The contents differ, and the determinism tier of a render allows this. */
  WITHIN_TIER,
  /** The request cannot be rendered again here, or it has no stored result. */
  NOT_REPLAYABLE,
  /** The contents differ, although the tier does not allow this. */
  DIFFERENT;

  /** Returns the name in reports, e.g. {@code equal_files}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the stored result was reproduced within its tier. */
  public boolean reproduced() {
    return compareTo(WITHIN_TIER) <= 0;
  }
}
