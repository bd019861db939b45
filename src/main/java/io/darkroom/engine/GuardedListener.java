package io.darkroom.engine;

import io.darkroom.job.JobId;
import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;

/**
 * Protects the engine from exceptions of a listener: they are logged once and affect no job. Engine
 * thread only.
 */
final class GuardedListener implements StageJob.ProgressListener {
  private static final System.Logger LOG = System.getLogger(GuardedListener.class.getName());

  private final JobId id;
  private final StageJob.ProgressListener listener;
  private boolean threw;

  GuardedListener(JobId id, StageJob.ProgressListener listener) {
    this.id = id;
    this.listener = listener;
  }

  @Override
  public void progressed(int done, int wanted, LongSupplier remainingNanos) {
    try {
      listener.progressed(done, wanted, remainingNanos);
    } catch (RuntimeException | StackOverflowError fault) {
      log(fault);
    }
  }

  @Override
  public void denoised(int part, int done, float[] estimate) {
    try {
      listener.denoised(part, done, estimate);
    } catch (RuntimeException | StackOverflowError fault) {
      log(fault);
    }
  }

  private void log(Throwable fault) {
    if (!threw) {
      threw = true;
      LOG.log(Level.ERROR, "internal error in a progress listener job=" + id, fault);
    }
  }
}
