package io.darkroom.onnx;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How packages are opened, in addition to the settings of their networks.
 *
 * @param known known answers to compare with
 * @param rows maximum rows of a call by the package's name; they override the package's value
 * @param profile maximum time for measuring rows, per package; zero = not measured
 * @param nanoClock measures how long the networks take
 */
public record Opening(
    KnownAnswers known, Map<String, Integer> rows, Duration profile, LongSupplier nanoClock) {

  public Opening {
    rows = Map.copyOf(rows);
    rows.forEach(
        (name, most) -> {
          if (most < 1) {
            throw new IllegalArgumentException(
                "rows of a call of " + name + ": must be 1 or more, are " + most);
          }
        });
  }

  /** Creates an opening without a profile. */
  public static Opening comparedWith(KnownAnswers known) {
    return new Opening(known, Map.of(), Duration.ZERO, System::nanoTime);
  }
}
