package io.darkroom.app.metrics;

import java.util.HashSet;
import java.util.Set;

/** Values of a metric's label, so many and no more: what comes later is {@code other}. */
final class Labels {
  /** The value of all that have none of their own. */
  static final String OTHER = "other";

  private final int most;
  private final Set<String> seen = new HashSet<>();

  Labels(int most) {
    this.most = most;
  }

  synchronized String of(String value) {
    if (seen.size() < most) {
      seen.add(value);
    }
    return seen.contains(value) ? value : OTHER;
  }
}
