package io.darkroom.render;

import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.StageOutcome;
import io.darkroom.engine.Ticket;
import io.darkroom.job.JobId;
import io.darkroom.job.RenderRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The part of a job's way that the engine does, with all that may be heard of it meanwhile: its
 * progress, its previews, and whether it is still wanted. Blocks the calling thread.
 */
final class Denoising {
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final RenderEngine engine;
  private final Cancellations cancellations;
  private final ProgressSink progress;
  private final Previewer previewer;
  private final Clock clock;
  private final LongSupplier nanoClock;

  /**
   * @param pngLevel compression of previews
   * @param nanoClock the engine's own
   */
  Denoising(RenderPipeline.Stations stations, int pngLevel, Clock clock, LongSupplier nanoClock) {
    this.engine = stations.engine();
    this.cancellations = stations.cancellations();
    this.progress = stations.progress();
    this.previewer = new Previewer(stations.store(), pngLevel, stations.previews());
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  /**
   * The finished pictures, to be closed when their files are stored.
   *
   * @param folder of the request's objects
   * @param delivery the record that the request came in
   * @throws Ended where the engine says that it cannot be done, or where it was withdrawn
   */
  Rendered render(Prepared prepared, ObjectUri folder, Delivery delivery) throws Ended {
    Optional<JobPreviews> previews =
        previewer.of(prepared.plan(), prepared.model(), prepared.base(), folder);
    Ticket ticket = engine.submit(job(prepared, previews, delivery));
    StageOutcome outcome = outcome(ticket, prepared.plan().effective().id());
    previews.ifPresent(JobPreviews::close);
    if (outcome instanceof StageOutcome.Broken broken) {
      throw Ended.broken(broken);
    }
    if (outcome instanceof StageOutcome.Withdrawn withdrawn) {
      throw Ended.cancelled(withdrawn.evaluations());
    }
    return new Rendered((StageOutcome.Done) outcome, ticket.hold());
  }

  private StageJob job(Prepared prepared, Optional<JobPreviews> previews, Delivery delivery) {
    RenderRequest request = prepared.plan().effective();
    String id = request.id().value();
    return new StageJob(
        request.id(),
        prepared.plan().stages().get(0),
        prepared.base(),
        prepared.prompting().texts(),
        prepared.input().map(InputReader.Input::tensor),
        request.handling().priority(),
        deadline(request),
        new Throttled(id, previews, delivery, progress, clock, nanoClock));
  }

  @SuppressWarnings("try") // the watch is for its effect alone
  private StageOutcome outcome(Ticket ticket, JobId id) {
    try (Cancellations.Watch watch = cancellations.watch(id, ticket::withdraw)) {
      return ticket.outcome().join();
    }
  }

  private OptionalLong deadline(RenderRequest request) {
    Optional<Instant> deadline = request.handling().deadline();
    if (deadline.isEmpty()) {
      return OptionalLong.empty();
    }
    Duration left = Duration.between(clock.instant(), deadline.get());
    Duration bounded = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
    return OptionalLong.of(nanoClock.getAsLong() + bounded.toNanos());
  }
}
