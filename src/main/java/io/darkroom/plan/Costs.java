package io.darkroom.plan;

import io.darkroom.job.Violation;
import io.darkroom.job.Violations;
import io.darkroom.model.DeviceCost;
import java.util.Locale;

/** What a stage costs a worker, against what one request may: device time, then memory. */
final class Costs {
  private final Limits limits;

  Costs(Limits limits) {
    this.limits = limits;
  }

  /** Most pixels of a result. */
  long mostPixels() {
    return limits.maxPixels();
  }

  /** Most pixels of the picture that a stage starts from. */
  long mostInputPixels(Stage unit) {
    return limits.maxPixels() / unit.result().pixels();
  }

  /** Adds a violation where the network would have too much to do. */
  void checkWork(long work, String pointer, Violations violations) {
    violations.check(
        work <= limits.maxWork(),
        pointer,
        "evaluations times pixels: must be at most " + limits.maxWork() + ", are " + work);
  }

  /**
   * Checks the size of the result, then the work for it.
   *
   * @throws InvalidPlan with the first that is too much
   */
  void checkResult(Stage stage, String pointer) throws InvalidPlan {
    Violations violations = new Violations();
    long pixels = stage.result().pixels();
    violations.check(
        pixels <= limits.maxPixels(),
        pointer,
        "pixels of the result: must be at most " + limits.maxPixels() + ", are " + pixels);
    InvalidPlan.throwIfAny(violations);
    checkWork(stage.work(), pointer, violations);
    InvalidPlan.throwIfAny(violations);
  }

  /**
   * Checks device time, then memory.
   *
   * @param readingBytes of the heap while the input is read
   * @param pointer of violations
   * @throws InvalidPlan with the first that is too much
   */
  void check(Stage stage, long readingBytes, DeviceCost measured, String pointer)
      throws InvalidPlan {
    checkSeconds(stage, measured, pointer);
    checkHeap(stage, readingBytes, pointer);
  }

  private void checkSeconds(Stage stage, DeviceCost measured, String pointer) throws InvalidPlan {
    double perRow = measured.secondsPerRow(stage.sample());
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
    InvalidPlan.throwIfAny(violations);
  }

  private void checkHeap(Stage stage, long readingBytes, String pointer) throws InvalidPlan {
    long bytes = HeapBytes.needed(stage, readingBytes);
    if (bytes > limits.maxHeapBytes()) {
      String message =
          "bytes of the Java heap for one image under way and all finished pictures: must be at"
              + " most %d, are %d".formatted(limits.maxHeapBytes(), bytes);
      throw InvalidPlan.capacity(new Violation(pointer, message));
    }
  }
}
