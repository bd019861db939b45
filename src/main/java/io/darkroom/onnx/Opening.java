package io.darkroom.onnx;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How packages are opened, beside how their networks are run.
 *
 * @param known answers that they are held to
 * @param rows most rows of a call by the package's name; stand above the package's own
 * @param profile time that measuring the rows may take, for each package; none where it is zero
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

  /** Without a profile. */
  public static Opening heldTo(KnownAnswers known) {
    return new Opening(known, Map.of(), Duration.ZERO, System::nanoTime);
  }
}
