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
   * @param remainingNanos until the last evaluation
   */
  JobProgress(StageJob job, StageJob.ProgressListener listener, LongSupplier remainingNanos) {
    this.listener = listener;
    this.remainingNanos = remainingNanos;
    this.evaluationsPerPart = job.stage().sampler().evaluations();
    this.wanted = job.stage().parts().size() * evaluationsPerPart;
    this.advanced = job.resume().stream().mapToInt(this::done).sum();
  }

  private int done(PartState part) {
    if (part instanceof PartState.Sampling sampling) {
      return sampling.state().done();
    }
    return part instanceof PartState.Sampled ? evaluationsPerPart : 0;
  }

  /** Evaluations that are still to be made. */
  int left() {
    return wanted - advanced;
  }

  /** Rows of the network that were run for it here. */
  long rows() {
    return rows;
  }

  /** One of its evaluations is about to run. */
  void begin(long nowNanos) {
    if (!begun) {
      begun = true;
      firstNanos = nowNanos;
      listener.progressed(advanced, wanted, remainingNanos);
    }
  }

  /** Whether one of its evaluations was begun here. */
  boolean begun() {
    return begun;
  }

  /** An evaluation of so many rows was made. */
  void evaluated(int evaluatedRows) {
    rows += evaluatedRows;
    advanced++;
  }

  /** A call that had evaluations of it is over. */
  void report(long nowNanos) {
    lastNanos = nowNanos;
    listener.progressed(advanced, wanted, remainingNanos);
  }

  /** Reports again, where it has begun: other jobs may have had the last calls. */
  void remind() {
    if (begun) {
      listener.progressed(advanced, wanted, remainingNanos);
    }
  }

  /** Where the time went until its last picture. */
  StageOutcome.Spent spent(long submittedNanos, long nowNanos) {
    if (!begun) {
      // Every evaluation was done before this engine got the job.
      return new StageOutcome.Spent(nowNanos - submittedNanos, 0, 0);
    }
    return new StageOutcome.Spent(
        firstNanos - submittedNanos, lastNanos - firstNanos, nowNanos - lastNanos);
  }
}
