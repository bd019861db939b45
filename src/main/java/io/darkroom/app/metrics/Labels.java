package io.darkroom.app.metrics;

import java.util.HashSet;
import java.util.Set;

/** Limits the number of values of a metric label: later values become {@code other}. */
final class Labels {
  /** Label value for all later values. */
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
