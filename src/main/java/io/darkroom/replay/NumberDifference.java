package io.darkroom.replay;

import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * The difference of two tensors with the same shape.
 *
 * @param rms root of the mean squared difference, in the unit of the tensor
 * @param largest the largest absolute difference, in the unit of the tensor
 * @param changed the share of numbers that differ, 0 to 1
 */
public record NumberDifference(double rms, double largest, double changed) implements Measure {

  /**
   * Compares all numbers.
   *
   * @throws IllegalArgumentException if the tensors have different sizes or no numbers
   */
  public static NumberDifference between(double[] first, double[] second) {
    if (first.length != second.length || first.length == 0) {
      throw new IllegalArgumentException(
          "tensors must have one size, have %d and %d numbers"
              .formatted(first.length, second.length));
    }
    return of(first.length, i -> first[i] - second[i]);
  }

  /** Measures differences, of which there are {@code count}. */
  static NumberDifference of(int count, IntToDoubleFunction differences) {
    double squares = 0;
    double largest = 0;
    int changed = 0;
    for (int i = 0; i < count; i++) {
      double difference = Math.abs(differences.applyAsDouble(i));
      squares += difference * difference;
      largest = Math.max(largest, difference);
      changed += difference == 0 ? 0 : 1; // NaN counts
    }
    return new NumberDifference(Math.sqrt(squares / count), largest, (double) changed / count);
  }

  @Override
  public String text() {
    if (largest == 0) {
      return "no difference after decoding";
    }
    return String.format(
        Locale.ROOT,
        "RMS difference %.4g, largest difference %.4g, %s of the numbers changed",
        rms,
        largest,
        changedText());
  }

  @Override
  public Map<String, Object> tree() {
    Map<String, Object> tree = Measure.super.tree();
    if (Double.isFinite(rms)) {
      tree.put("rms", rms);
    }
    return tree;
  }
}
