package io.darkroom.render;

import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.Source;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.StageOutcome;
import io.darkroom.engine.Ticket;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Renders a prepared job on the engine, with its progress, previews and cancellation. The input
 * image is read when the engine has memory for it. Blocks the calling thread.
 */
final class Denoising {
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final RenderEngine engine;
  private final InputReader inputs;
  private final Cancellations cancellations;
  private final JobEvents events;
  private final Previewer previewer;
  private final Clock clock;
  private final LongSupplier nanoClock;

  /**
   * @param nanoClock the clock of the engine
   */
  Denoising(
      RenderEngine engine,
      InputReader inputs,
      Cancellations cancellations,
      JobEvents events,
      Previewer previewer,
      Clock clock,
      LongSupplier nanoClock) {
    this.engine = engine;
    this.inputs = inputs;
    this.cancellations = cancellations;
    this.events = events;
    this.previewer = previewer;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  /**
   * The finished pictures, to be closed when their files are stored.
   *
   * @param folder of the request's objects
   * @param delivery the record that the request came in
   * @throws RenderFailure where the engine could not finish it, it was cancelled or its deadline
   *     passed
   * @throws Unsettled where the engine was closed
   */
  Rendered render(Prepared prepared, ObjectUri folder, Delivery delivery) throws RenderFailure {
    Optional<Rendered> rendered = attempt(prepared, folder, delivery);
    if (rendered.isEmpty()) {
      rendered = attempt(prepared.turned(), folder, delivery);
    }
    return rendered.orElseThrow(
        () -> RenderFailure.failed(ErrorClass.INPUT, "the input image changed while it was read"));
  }

  /** Empty where the image has another size than its header says. */
  @SuppressWarnings("try") // the watch is for its effect alone
  private Optional<Rendered> attempt(Prepared prepared, ObjectUri folder, Delivery delivery)
      throws RenderFailure {
    Optional<JobPreviews> previews = previewer.of(prepared.plan(), prepared.model(), folder);
    Optional<Source> source = prepared.input().map(InputReader.Announced::source);
    Ticket ticket = engine.submit(job(prepared, source, previews, delivery));
    delivery.lease().onLost(ticket::withdraw);
    Optional<Manifest.InputFile> read = Optional.empty();
    StageOutcome outcome;
    try (Cancellations.Watch watch = watch(prepared, ticket)) {
      if (source.isPresent() && hasRoom(source.get(), ticket)) {
        read = read(prepared.input().orElseThrow(), source.get(), ticket, folder);
        if (read.isEmpty()) {
          return Optional.empty();
        }
      }
      outcome = ticket.outcome().join();
    } finally {
      previews.ifPresent(JobPreviews::close);
    }
    return Optional.of(new Rendered(done(outcome), read, ticket.hold()));
  }

  private static StageOutcome.Done done(StageOutcome outcome) throws RenderFailure {
    if (outcome instanceof StageOutcome.Broken broken) {
      throw RenderFailure.broken(broken);
    }
    if (outcome instanceof StageOutcome.Stopped stopped) {
      throw RenderFailure.stopped(stopped);
    }
    return (StageOutcome.Done) outcome;
  }

  /** Waits until the picture may be read; false where the job ended before. */
  private static boolean hasRoom(Source source, Ticket ticket) {
    source.room().join();
    return !ticket.outcome().isDone();
  }

  /** Reads the picture and gives it to the engine; empty where it is of another size. */
  private Optional<Manifest.InputFile> read(
      InputReader.Announced announced, Source source, Ticket ticket, ObjectUri folder)
      throws RenderFailure {
    boolean given = false;
    try {
      InputReader.Input input = inputs.read(announced, folder);
      given = input.size().equals(source.size());
      if (given) {
        source.give(input.tensor());
      }
      return given ? Optional.of(input.file()) : Optional.empty();
    } finally {
      if (!given) {
        ticket.withdraw();
        ticket.hold().close();
      }
    }
  }

  private StageJob job(
      Prepared prepared,
      Optional<Source> source,
      Optional<JobPreviews> previews,
      Delivery delivery) {
    RenderRequest request = prepared.plan().effective();
    String id = request.id().value();
    return new StageJob(
        request.id(),
        prepared.plan().stage(),
        prepared.prompting().texts(),
        source,
        request.options().priority(),
        deadline(request),
        new Throttled(id, previews, delivery, events, clock, nanoClock));
  }

  private Cancellations.Watch watch(Prepared prepared, Ticket ticket) {
    return cancellations.watch(prepared.plan().effective().id(), ticket::withdraw);
  }

  private OptionalLong deadline(RenderRequest request) {
    Optional<Instant> deadline = request.options().deadline();
    if (deadline.isEmpty()) {
      return OptionalLong.empty();
    }
    Duration left = Duration.between(clock.instant(), deadline.get());
    Duration bounded = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
    return OptionalLong.of(nanoClock.getAsLong() + bounded.toNanos());
  }
}
