package io.darkroom.job;

import java.util.Locale;

/** How much of a result's exactness is promised. */
public enum Tier {
  /** Pixels do not depend on the rest of the batch: a package that cannot keep this is refused. */
  EXACT,
  /**
   * Pixels do not depend on the rest of the batch as long as calls have the same number of rows.
   */
  REPEATABLE,
  /** Nothing is promised. */
  FAST;

  /**
   * The tier of a name in a fingerprint.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static Tier of(String wire) {
    for (Tier tier : values()) {
      if (tier.wire().equals(wire)) {
        return tier;
      }
    }
    throw new IllegalArgumentException("tier: must be exact, repeatable or fast, is " + wire);
  }

  /** The name in a fingerprint. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
