package io.darkroom.render;

import io.darkroom.engine.StageJob;
import java.util.function.LongSupplier;

/**
 * Reports the progress of one stage as progress of the whole request. Used only by the engine
 * thread.
 *
 * @param before evaluations of earlier stages
 * @param total evaluations of all stages
 * @param listener receives the progress of the request
 */
record StageProgress(int before, int total, StageJob.ProgressListener listener)
    implements StageJob.ProgressListener {

  @Override
  public void progressed(int done, int wanted, LongSupplier remainingNanos) {
    listener.progressed(before + done, total, remainingNanos);
  }

  @Override
  public void denoised(int image, int done, float[] estimate) {
    listener.denoised(image, done, estimate);
  }
}
