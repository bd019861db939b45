package io.darkroom.render;

import io.darkroom.engine.StageJob;
import io.darkroom.job.Preview;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Posts the progress of a job: start, end and previews at once, all other progress at most once per
 * second. Used only by the engine thread.
 */
final class ThrottledProgress implements StageJob.ProgressListener {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String requestId;
  private final Map<String, String> traceContext;
  private final JobEvents events;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final Optional<JobPreviews> previews;
  private long lastNanos;
  private int lastDone;

  /**
   * @param previews previews of the job, if it asks for them
   * @param delivery the record of the request
   * @param clock time of day
   * @param nanoClock the clock of the engine
   */
  ThrottledProgress(
      String requestId,
      Optional<JobPreviews> previews,
      Delivery delivery,
      JobEvents events,
      Clock clock,
      LongSupplier nanoClock) {
    this.previews = previews;
    this.requestId = requestId;
    this.traceContext = delivery.traceContext();
    this.events = events;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  @Override
  public void progressed(int done, int wanted, LongSupplier remainingNanos) {
    long now = nanoClock.getAsLong();
    if (done == 0) {
      lastNanos = now;
      Progress begun = progress(done, wanted, remainingNanos, Optional.empty());
      events.post(new JobEvent.Started(begun));
      return;
    }
    Optional<Preview> preview = previews.isPresent() ? previews.get().stored() : Optional.empty();
    boolean over = done == wanted && lastDone != wanted;
    if (preview.isPresent() || over || now - lastNanos >= PAUSE_NANOS) {
      lastNanos = now;
      lastDone = done;
      events.post(new JobEvent.Progressed(progress(done, wanted, remainingNanos, preview)));
    }
  }

  @Override
  public void denoised(int image, int done, float[] estimate) {
    if (previews.isPresent()) {
      previews.get().denoised(image, done, estimate);
    }
  }

  private Progress progress(
      int done, int wanted, LongSupplier remainingNanos, Optional<Preview> preview) {
    long remaining = remainingNanos.getAsLong();
    Optional<Instant> finish =
        remaining > 0
            ? Optional.of(clock.instant().plus(Duration.ofNanos(remaining)))
            : Optional.empty();
    return new Progress(requestId, done, wanted, finish, preview, traceContext);
  }
}
