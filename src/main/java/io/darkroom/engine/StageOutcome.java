package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.model.Tensor;
import java.util.List;

/** How a stage ended. Every stage that an engine gets ends in one of these. */
public sealed interface StageOutcome {

  /** Evaluations that the network did for it, a guided one counted twice. */
  long evaluations();

  /**
   * All pictures are there.
   *
   * @param pictures in the order of the stage's images
   */
  record Done(List<Picture> pictures, long evaluations, Spent spent) implements StageOutcome {
    public Done {
      pictures = List.copyOf(pictures);
    }
  }

  /** It cannot be done, or its deadline passed; no picture is there. */
  record Broken(ErrorClass kind, String message, long evaluations) implements StageOutcome {}

  /**
   * It was ended between two evaluations, through no fault of its own.
   *
   * @param parts how far each of the stage's images was, in their order; an engine that gets them
   *     with the stage ({@link StageJob#resumed}) goes on with the same bits
   */
  record Stopped(Reason reason, List<PartState> parts, long evaluations) implements StageOutcome {
    public Stopped {
      parts = List.copyOf(parts);
    }
  }

  /** Why a stage was stopped. */
  enum Reason {
    /** Its ticket was withdrawn. */
    WITHDRAWN,
    /** The engine drains: it had not begun, or would not have been done in time. */
    DRAINED,
    /** The engine was closed or failed. */
    CLOSED
  }

  /**
   * One result.
   *
   * @param sample as the sampler left it
   * @param pixels {@code [3, H, W]}, about -1 to 1; the sample itself for pixel models
   */
  record Picture(Tensor sample, Tensor pixels) {}

  /**
   * Where the time went.
   *
   * @param queuedNanos from submission to the first evaluation
   * @param denoiseNanos from the first to the last evaluation
   * @param decodeNanos from the last evaluation to the last picture
   */
  record Spent(long queuedNanos, long denoiseNanos, long decodeNanos) {}
}
