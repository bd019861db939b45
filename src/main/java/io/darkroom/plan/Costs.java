package io.darkroom.plan;

import io.darkroom.job.Violation;
import java.util.Locale;

/** What a stage costs a worker, against what one request may: device time, then memory. */
final class Costs {
  private final Limits limits;

  Costs(Limits limits) {
    this.limits = limits;
  }

  /**
   * Checks both.
   *
   * @param pointer of violations
   * @throws InvalidPlan with the first that is too much
   */
  void check(Stage stage, Start start, Facts facts, String pointer) throws InvalidPlan {
    checkSeconds(stage, start, facts, pointer);
    checkHeap(stage, start, pointer);
  }

  private void checkSeconds(Stage stage, Start start, Facts facts, String pointer)
      throws InvalidPlan {
    double perRow = facts.secondsPerRow(stage.sample(stage.windows(start.base()).get(0)));
    double seconds = stage.rows() * perRow;
    Violations violations = new Violations();
    violations.check(
        seconds <= limits.maxDeviceSeconds(),
        pointer,
        String.format(
            Locale.ROOT,
            "predicted seconds of the device: must be at most %d, are %.1f (%d rows of %.3f ms)",
            limits.maxDeviceSeconds(),
            seconds,
            stage.rows(),
            perRow * 1e3));
    violations.throwIfAny();
  }

  private void checkHeap(Stage stage, Start start, String pointer) throws InvalidPlan {
    long bytes = ImageBytes.needed(stage, start);
    if (bytes > limits.maxHeapBytes()) {
      String message =
          "bytes of the Java heap for one image under way and all finished pictures: must be at"
              + " most %d, are %d".formatted(limits.maxHeapBytes(), bytes);
      throw InvalidPlan.capacity(new Violation(pointer, message));
    }
  }
}
