package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import java.lang.System.Logger.Level;

/**
 * Decides what happens to jobs after a failure. Their slots are freed in the next iteration. Engine
 * thread only.
 */
final class FailurePolicy {
  private static final System.Logger LOG = System.getLogger(FailurePolicy.class.getName());

  private FailurePolicy() {}

  /**
   * Runs an action for one job; an exception ends only that job.
   *
   * @throws DeviceFailure if the device is lost
   */
  static void attempt(ActiveJob job, Runnable action) {
    try {
      action.run();
    } catch (DeviceFailure failure) {
      end(job, failure);
    } catch (RuntimeException fault) {
      endFaulty(job, fault);
    }
  }

  /**
   * Ends a job after a programming error. It must not be left to other workers, which would fail in
   * the same way.
   */
  static void endFaulty(ActiveJob job, RuntimeException fault) {
    LOG.log(Level.ERROR, "internal error job=" + job.job().id(), fault);
    job.fail(ErrorClass.INTERNAL, Problem.fault().message());
  }

  /**
   * Repeats a failed call with fewer slots. If the inputs were refused, each slot runs alone,
   * because only one may be at fault. If memory ran out, the call is repeated with fewer rows as
   * long as that also means fewer rows on the device. The tier decides which numbers of rows are
   * allowed, so its guarantee holds. Afterwards each slot has moved by one evaluation, or its job
   * has ended.
   *
   * @throws DeviceFailure if the device is lost
   */
  static void retryWithFewer(
      Bucket bucket, int first, int count, DeviceFailure failure, long nowNanos) {
    int part =
        switch (failure.kind()) {
          case LOST -> throw failure;
          case REFUSED -> 1;
          case OUT_OF_MEMORY -> bucket.fewer(first, count);
        };
    int end = first + count;
    if (part == count) {
      bucket.slots().subList(first, end).forEach(slot -> end(slot.job(), failure));
      return;
    }
    for (int i = first; i < end; i += part) {
      again(bucket, i, Math.min(part, end - i), nowNanos);
    }
  }

  /**
   * Ends a job because of a failure of the device.
   *
   * @throws DeviceFailure if the device is lost
   */
  static void end(ActiveJob job, DeviceFailure failure) {
    if (failure.kind() != DeviceFailure.Kind.LOST) {
      LOG.log(Level.WARNING, "call not done job=" + job.job().id(), failure);
    }
    switch (failure.kind()) {
      case LOST -> throw failure;
      case OUT_OF_MEMORY ->
          job.fail(ErrorClass.CAPACITY, "out of device memory: " + failure.getMessage());
      case REFUSED ->
          job.fail(ErrorClass.MODEL, "the network refuses its inputs: " + failure.getMessage());
    }
  }

  private static void again(Bucket bucket, int first, int count, long nowNanos) {
    try {
      bucket.evaluate(first, count, nowNanos);
    } catch (DeviceFailure failure) {
      retryWithFewer(bucket, first, count, failure, nowNanos);
    }
  }
}
