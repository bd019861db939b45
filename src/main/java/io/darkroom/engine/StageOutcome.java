package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.model.Tensor;
import java.util.List;

/** The outcome of a stage. Every submitted stage has exactly one. */
public sealed interface StageOutcome {

  /** Returns the number of evaluations; a guided one counts twice. */
  long evaluations();

  /**
   * All pictures are finished.
   *
   * @param pictures in the order of the stage's images
   */
  record Done(List<Picture> pictures, long evaluations, Spent spent) implements StageOutcome {
    public Done {
      pictures = List.copyOf(pictures);
    }
  }

  /** The stage failed, or its deadline passed; there are no pictures. */
  record Broken(ErrorClass kind, String message, long evaluations) implements StageOutcome {}

  /**
   * The stage was stopped between two evaluations, not because of a failure of its own.
   *
   * @param parts states of the stage's images in their order; an engine that receives them with the
   *     stage ({@link StageJob#resumed}) continues with the same bits
   */
  record Stopped(Reason reason, List<PartState> parts, long evaluations) implements StageOutcome {
    public Stopped {
      parts = List.copyOf(parts);
    }
  }

  /** Reasons for stopping a stage. */
  enum Reason {
    /** Its ticket was cancelled. */
    CANCELLED,
    /** The engine drains: the stage had not begun, or would not have ended in time. */
    DRAINED,
    /** The engine was closed or failed. */
    CLOSED
  }

  /**
   * One result.
   *
   * @param sample the result of the sampler
   * @param pixels {@code [3, H, W]}, about -1 to 1; the sample itself for pixel-space models
   */
  record Picture(Tensor sample, Tensor pixels) {}

  /**
   * The time of each phase.
   *
   * @param queuedNanos from submission to the first evaluation
   * @param denoiseNanos from the first to the last evaluation
   * @param decodeNanos from the last evaluation to the last picture
   */
  record Spent(long queuedNanos, long denoiseNanos, long decodeNanos) {
    /** No time. */
    public static final Spent NOTHING = new Spent(0, 0, 0);

    /** Returns the sum of the times of two stages. */
    public Spent plus(Spent other) {
      return new Spent(
          queuedNanos + other.queuedNanos,
          denoiseNanos + other.denoiseNanos,
          decodeNanos + other.decodeNanos);
    }
  }
}
