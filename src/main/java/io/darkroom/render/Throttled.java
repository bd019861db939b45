package io.darkroom.render;

import io.darkroom.engine.StageJob;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Passes a job's progress on: its begin and its end at once, what lies between at most once a
 * second. Called by the engine thread only.
 */
final class Throttled implements StageJob.ProgressListener {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String requestId;
  private final ProgressSink sink;
  private final LongSupplier nanoClock;
  private long lastNanos;

  Throttled(String requestId, ProgressSink sink, LongSupplier nanoClock) {
    this.requestId = requestId;
    this.sink = sink;
    this.nanoClock = nanoClock;
  }

  @Override
  public void progressed(int done, int wanted) {
    long now = nanoClock.getAsLong();
    if (done == 0) {
      lastNanos = now;
      sink.started(requestId, wanted);
    } else if (done == wanted || now - lastNanos >= PAUSE_NANOS) {
      lastNanos = now;
      sink.progressed(requestId, done, wanted);
    }
  }
}
