package io.darkroom.plan;

import io.darkroom.job.Size;
import io.darkroom.job.Violation;
import io.darkroom.job.Violations;
import io.darkroom.model.DeviceCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Checks the cost of a render against the limits of one request: device time, then memory. */
final class Costs {
  private final Limits limits;

  Costs(Limits limits) {
    this.limits = limits;
  }

  /** Returns the limits of one request. */
  Limits limits() {
    return limits;
  }

  /** Returns the maximum pixels of a result. */
  long mostPixels() {
    return limits.maxPixels();
  }

  /** Returns the maximum pixels of the picture from which a render starts. */
  long mostInputPixels(RenderPlan unit) {
    return limits.maxPixels() / unit.last().result().pixels();
  }

  /** Adds a violation if a result would be too large. */
  void checkPixels(Size result, String pointer, Violations violations) {
    violations.check(
        result.pixels() <= limits.maxPixels(),
        pointer,
        () ->
            "pixels of the result: must be at most %d (darkroom.limits.pixels), is %d"
                .formatted(limits.maxPixels(), result.pixels()));
  }

  /** Adds a violation if the network would have too much work. */
  void checkWork(long work, String pointer, Violations violations) {
    violations.check(
        work <= limits.maxWork(),
        pointer,
        () ->
            "evaluations times pixels: must be at most %d (darkroom.limits.work), is %d"
                .formatted(limits.maxWork(), work));
  }

  /**
   * Checks the size of the result, which is the largest of all stages, then the work for it.
   *
   * @throws InvalidPlan with the first exceeded limit
   */
  void checkResult(RenderPlan plan, String pointer) throws InvalidPlan {
    Violations violations = new Violations();
    checkPixels(plan.last().result(), pointer, violations);
    InvalidPlan.throwIfAny(violations);
    checkWork(plan.work(), pointer, violations);
    InvalidPlan.throwIfAny(violations);
  }

  /**
   * Checks device time, then memory.
   *
   * @param readingBytes bytes of the heap while the input is read
   * @param measured measured cost per stage
   * @param pointer pointer of violations
   * @throws InvalidPlan with the first exceeded limit
   */
  void check(RenderPlan plan, long readingBytes, List<DeviceCost> measured, String pointer)
      throws InvalidPlan {
    checkSeconds(plan.stages(), measured, pointer);
    checkHeap(plan, readingBytes, pointer);
  }

  private void checkSeconds(List<Stage> stages, List<DeviceCost> measured, String pointer)
      throws InvalidPlan {
    double seconds = 0;
    for (int i = 0; i < stages.size(); i++) {
      seconds += stages.get(i).rows() * perRow(stages.get(i), measured.get(i));
    }
    double predicted = seconds;
    Violations violations = new Violations();
    violations.check(
        seconds <= limits.maxDeviceSeconds(),
        pointer,
        () ->
            String.format(
                Locale.ROOT,
                "predicted seconds of the device: must be at most %d"
                    + " (darkroom.limits.device-seconds), is %.1f (%s)",
                limits.maxDeviceSeconds(),
                predicted,
                terms(stages, measured)));
    InvalidPlan.throwIfAny(violations);
  }

  private static String terms(List<Stage> stages, List<DeviceCost> measured) {
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      double millis = perRow(stages.get(i), measured.get(i)) * 1e3;
      terms.add(String.format(Locale.ROOT, "%d rows of %.3f ms", stages.get(i).rows(), millis));
    }
    return String.join(", ", terms);
  }

  private static double perRow(Stage stage, DeviceCost measured) {
    return measured.secondsPerRow(stage.sample());
  }

  private void checkHeap(RenderPlan plan, long readingBytes, String pointer) throws InvalidPlan {
    long bytes = HeapBytes.needed(plan, readingBytes);
    if (bytes > limits.maxHeapBytes()) {
      String message =
          "bytes of the Java heap for one running image and all finished images: must be at"
              + " most %d, are %d".formatted(limits.maxHeapBytes(), bytes);
      throw InvalidPlan.capacity(new Violation(pointer, message));
    }
  }
}
