package io.darkroom.engine;

import java.util.function.LongSupplier;

/** Counts the evaluations of a job and reports them to its listener. Engine thread only. */
final class JobProgress {
  private final StageJob.ProgressListener listener;
  private final LongSupplier remainingNanos;
  private final int wanted;
  private final int evaluationsPerPart;
  private int advanced;
  private long rows;
  private boolean begun;
  private long firstNanos;
  private long lastNanos;

  /**
   * @param remainingNanos computes the time until the last evaluation
   */
  JobProgress(StageJob job, StageJob.ProgressListener listener, LongSupplier remainingNanos) {
    this.listener = listener;
    this.remainingNanos = remainingNanos;
    this.evaluationsPerPart = job.stage().sampler().evaluations();
    this.wanted = job.stage().parts() * evaluationsPerPart;
    this.advanced = job.resume().stream().mapToInt(this::done).sum();
  }

  private int done(PartState part) {
    if (part instanceof PartState.Sampling sampling) {
      return sampling.state().done();
    }
    return part instanceof PartState.Sampled ? evaluationsPerPart : 0;
  }

  /** Returns the number of evaluations that remain. */
  int left() {
    return wanted - advanced;
  }

  /** Returns the rows of the network that this engine ran for the job. */
  long rows() {
    return rows;
  }

  /** Marks the start of an evaluation. */
  void begin(long nowNanos) {
    if (!begun) {
      begun = true;
      firstNanos = nowNanos;
      listener.progressed(advanced, wanted, remainingNanos);
    }
  }

  /** Returns whether this engine has begun an evaluation of the job. */
  boolean begun() {
    return begun;
  }

  /** Counts an evaluation with the given number of rows. */
  void evaluated(int evaluatedRows) {
    rows += evaluatedRows;
    advanced++;
  }

  /** Reports the progress after a call with evaluations of the job. */
  void report(long nowNanos) {
    lastNanos = nowNanos;
    listener.progressed(advanced, wanted, remainingNanos);
  }

  /** Reports again if the job has begun: the last calls may have been those of other jobs. */
  void remind() {
    if (begun) {
      listener.progressed(advanced, wanted, remainingNanos);
    }
  }

  /** Returns the time of each phase until the last picture. */
  StageOutcome.Spent spent(long submittedNanos, long nowNanos) {
    if (!begun) {
      // All evaluations were made before this engine received the job.
      return new StageOutcome.Spent(nowNanos - submittedNanos, 0, 0);
    }
    return new StageOutcome.Spent(
        firstNanos - submittedNanos, lastNanos - firstNanos, nowNanos - lastNanos);
  }
}
