package io.darkroom.replay;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How much an output of the second render differs from that of the first. */
public sealed interface Measure permits PictureDifference, NumberDifference {

  /** Returns the largest absolute difference of two values. */
  double largest();

  /** Returns the share of values that differ, 0 to 1. */
  double changed();

  /** Returns the measure as one line. */
  String text();

  /** Returns the share of changed values as text. */
  default String changedText() {
    return String.format(Locale.ROOT, "%.1f %%", 100 * changed());
  }

  /** Returns the measure as JSON values, without those that are infinite or NaN. */
  default Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (Double.isFinite(largest())) {
      tree.put("largest", largest());
    }
    tree.put("changed", changed());
    return tree;
  }
}
