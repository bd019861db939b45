package io.darkroom.render;

import io.darkroom.engine.StageJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Passes a job's progress on: its begin and its end at once, what lies between at most once a
 * second. Called by the engine thread only.
 */
final class Throttled implements StageJob.ProgressListener {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String requestId;
  private final Map<String, String> traceContext;
  private final ProgressSink sink;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private long lastNanos;

  /**
   * @param delivery the record that the request came in
   * @param clock tells the time of day
   * @param nanoClock the engine's own
   */
  Throttled(
      String requestId, Delivery delivery, ProgressSink sink, Clock clock, LongSupplier nanoClock) {
    this.requestId = requestId;
    this.traceContext = delivery.traceContext();
    this.sink = sink;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  @Override
  public void progressed(int done, int wanted, LongSupplier remainingNanos) {
    long now = nanoClock.getAsLong();
    if (done == 0) {
      lastNanos = now;
      sink.started(progress(done, wanted, remainingNanos));
    } else if (done == wanted || now - lastNanos >= PAUSE_NANOS) {
      lastNanos = now;
      sink.progressed(progress(done, wanted, remainingNanos));
    }
  }

  private Progress progress(int done, int wanted, LongSupplier remainingNanos) {
    long remaining = remainingNanos.getAsLong();
    Optional<Instant> finish =
        remaining > 0
            ? Optional.of(clock.instant().plus(Duration.ofNanos(remaining)))
            : Optional.empty();
    return new Progress(requestId, done, wanted, finish, traceContext);
  }
}
