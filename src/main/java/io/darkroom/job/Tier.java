package io.darkroom.job;

import java.util.Locale;

/** The promised reproducibility of a result. */
public enum Tier {
  /**
   * Pixels do not depend on the rest of the batch; packages that cannot guarantee this are refused.
   */
  EXACT,
  /** Pixels do not depend on the rest of the batch if calls have the same number of rows. */
  REPEATABLE,
  /** No promise. */
  FAST;

  /**
   * Returns the tier with this name in a fingerprint.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Tier of(String wire) {
    for (Tier tier : values()) {
      if (tier.wire().equals(wire)) {
        return tier;
      }
    }
    throw new IllegalArgumentException("tier: must be exact, repeatable or fast, is " + wire);
  }

  /** Returns the name in a fingerprint. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
