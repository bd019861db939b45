package io.darkroom.replay;

import java.util.Locale;

/** How a second render of a request compares with the stored one, from best to worst. */
public enum Verdict {
  /** Every file has the same bytes. */
  EQUAL_FILES,
  /** The decoded contents are equal; the files differ, e.g. in the fingerprint inside of them. */
  EQUAL_PIXELS,
  /** The contents differ, and the determinism tier of a render allows that. */
  WITHIN_TIER,
  /** The request cannot be rendered again here, or it has no stored result. */
  NOT_REPLAYABLE,
  /** The contents differ, and should not. */
  DIFFERENT;

  /** The name in reports, e.g. {@code equal_files}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the stored result was reproduced as far as its tier promises. */
  public boolean reproduced() {
    return compareTo(WITHIN_TIER) <= 0;
  }
}
