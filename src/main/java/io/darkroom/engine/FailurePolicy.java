package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import java.lang.System.Logger.Level;

/**
 * What becomes of jobs that something went wrong with. Their slots go at the next tick. Engine
 * thread only.
 */
final class FailurePolicy {
  private static final System.Logger LOG = System.getLogger(FailurePolicy.class.getName());

  private FailurePolicy() {}

  /**
   * Does what concerns one job alone: whatever goes wrong ends that job.
   *
   * @throws DeviceFailure where the device is lost
   */
  static void attempt(ActiveJob job, Runnable action) {
    try {
      action.run();
    } catch (DeviceFailure failure) {
      end(job, failure);
    } catch (RuntimeException fault) {
      fault(job, fault);
    }
  }

  /** The top of a job: a fault that it meets on every worker must not end one after another. */
  static void fault(ActiveJob job, RuntimeException fault) {
    LOG.log(Level.ERROR, "internal error job=" + job.job().id(), fault);
    job.broken(ErrorClass.INTERNAL, Problem.fault().message());
  }

  /**
   * Goes on after a call that was not done, with calls of fewer slots: each slot alone where inputs
   * were refused, which may be those of one row; fewer rows where memory ran out, as long as that
   * is fewer rows for the device too. The tier has its say in how many rows a call has, so bits
   * keep what it promises. Afterwards every slot has moved on by one evaluation, or its job is
   * over.
   *
   * @throws DeviceFailure where the device is lost
   */
  static void overcome(Bucket bucket, int first, int count, DeviceFailure failure, long nowNanos) {
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
   * Ends a job by what the device said.
   *
   * @throws DeviceFailure where the device is lost
   */
  static void end(ActiveJob job, DeviceFailure failure) {
    if (failure.kind() != DeviceFailure.Kind.LOST) {
      LOG.log(Level.WARNING, "call not done job=" + job.job().id(), failure);
    }
    switch (failure.kind()) {
      case LOST -> throw failure;
      case OUT_OF_MEMORY ->
          job.broken(ErrorClass.CAPACITY, "out of device memory: " + failure.getMessage());
      case REFUSED ->
          job.broken(ErrorClass.MODEL, "the network refuses its inputs: " + failure.getMessage());
    }
  }

  private static void again(Bucket bucket, int first, int count, long nowNanos) {
    try {
      bucket.evaluate(first, count, nowNanos);
    } catch (DeviceFailure failure) {
      overcome(bucket, first, count, failure, nowNanos);
    }
  }
}
