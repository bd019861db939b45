package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import java.lang.System.Logger.Level;

/**
 * What becomes of jobs that something went wrong with. Their slots go at the next tick. Engine
 * thread only.
 */
final class Setback {
  private static final System.Logger LOG = System.getLogger(Setback.class.getName());

  private Setback() {}

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
      // The top of a job: a fault that it meets on every worker must not end one after another.
      LOG.log(Level.ERROR, "fault of the worker job=" + job.job().id(), fault);
      job.broken(ErrorClass.INTERNAL, "a fault of the worker: " + fault.getClass().getName());
    }
  }

  /**
   * Ends the jobs of a call that was not done. Inputs that are refused may be those of one row:
   * each slot then has a call of its own, and only those that are refused again end. Fewer rows
   * would be no help against memory that ran out, since they may be other bits: all of them end.
   *
   * @throws DeviceFailure where the device is lost
   */
  static void overcome(Bucket bucket, int count, DeviceFailure failure, long nowNanos) {
    for (int i = 0; i < count; i++) {
      if (failure.kind() == DeviceFailure.Kind.REFUSED && count > 1) {
        alone(bucket, i, nowNanos);
      } else {
        end(bucket.slots().get(i).job(), failure);
      }
    }
  }

  /**
   * Ends a job by what the device said.
   *
   * @throws DeviceFailure where the device is lost
   */
  static void end(ActiveJob job, DeviceFailure failure) {
    switch (failure.kind()) {
      case LOST -> throw failure;
      case OUT_OF_MEMORY ->
          job.broken(ErrorClass.CAPACITY, "out of device memory: " + failure.getMessage());
      case REFUSED ->
          job.broken(ErrorClass.MODEL, "the network refuses its inputs: " + failure.getMessage());
    }
  }

  private static void alone(Bucket bucket, int slot, long nowNanos) {
    try {
      bucket.evaluate(slot, 1, nowNanos);
    } catch (DeviceFailure failure) {
      end(bucket.slots().get(slot).job(), failure);
    }
  }
}
