package io.darkroom.app.models;

import io.darkroom.render.ObjectUri;
import java.time.Duration;
import java.util.List;

/**
 * Which packages are loaded on demand, and for how long answers are kept.
 *
 * @param prefixes prefixes of packages; the first one that has a name is used
 * @param most maximum number of loaded packages; exceeded only while requests use all of them
 * @param mostWaiting maximum number of requests that wait for packages; others are tried again
 *     later
 * @param listingAge how long the names of a listing are used
 * @param retryBroken how long a broken package is refused before it is tried again
 */
public record OnDemandSettings(
    List<ObjectUri> prefixes,
    int most,
    int mostWaiting,
    Duration listingAge,
    Duration retryBroken) {
  public OnDemandSettings {
    prefixes = List.copyOf(prefixes);
    if (most < 1 || mostWaiting < 1) {
      throw new IllegalArgumentException(
          "packages on demand and their requests: must be 1 or more, are %d and %d"
              .formatted(most, mostWaiting));
    }
  }
}
