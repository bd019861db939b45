package io.darkroom.render;

import java.time.Duration;

/**
 * How often a store that fails is tried again with pictures that are finished.
 *
 * @param firstPause before the second try; doubles from then on
 * @param longestPause that the pauses grow to
 * @param patience all pauses together: the first failure after that stands
 */
public record StoreRetries(Duration firstPause, Duration longestPause, Duration patience) {

  public StoreRetries {
    if (firstPause.isNegative() || firstPause.isZero() || firstPause.compareTo(longestPause) > 0) {
      throw new IllegalArgumentException(
          "store pauses: must be above 0 and rise, are " + firstPause + " to " + longestPause);
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("store patience: must be 0 or more, is " + patience);
    }
  }

  /** The pause after this one. */
  Duration after(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
  }
}
