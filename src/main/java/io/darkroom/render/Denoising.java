package io.darkroom.render;

import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageInputs;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.StageOutcome;
import io.darkroom.engine.Ticket;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
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
    Attempt first = attempt(prepared, folder, delivery);
    Attempt last =
        first.rendered().isPresent()
            ? first
            : attempt(prepared.turned(first.turned()), folder, delivery);
    return last.rendered()
        .orElseThrow(
            () ->
                RenderFailure.failed(
                    ErrorClass.INPUT, "the input image changed while it was read"));
  }

  /**
   * One try.
   *
   * @param rendered empty where pictures have other sizes than their headers say
   * @param turned pointers of those pictures
   */
  private record Attempt(Optional<Rendered> rendered, Set<String> turned) {}

  @SuppressWarnings("try") // the watch is for its effect alone
  private Attempt attempt(Prepared prepared, ObjectUri folder, Delivery delivery)
      throws RenderFailure {
    Optional<JobPreviews> previews = previewer.of(prepared.plan(), prepared.model(), folder);
    Optional<StageInputs> pending = prepared.stageInputs();
    Ticket ticket = engine.submit(job(prepared, pending, previews, delivery));
    delivery.lease().onLost(ticket::withdraw);
    Map<String, Manifest.InputFile> files = Map.of();
    StageOutcome outcome;
    try (Cancellations.Watch watch = watch(prepared, ticket)) {
      if (pending.isPresent() && hasRoom(pending.get(), ticket)) {
        Map<String, InputReader.Input> read = read(prepared, ticket, folder);
        Set<String> turned = otherSizes(read, pending.get());
        if (!turned.isEmpty()) {
          abandon(ticket);
          return new Attempt(Optional.empty(), turned);
        }
        pending.get().give(map(read, InputReader.Input::tensor));
        files = map(read, InputReader.Input::file);
      }
      outcome = ticket.outcome().join();
    } finally {
      previews.ifPresent(JobPreviews::close);
    }
    return new Attempt(Optional.of(new Rendered(done(outcome), files, ticket.hold())), Set.of());
  }

  private static <V> Map<String, V> map(
      Map<String, InputReader.Input> read, Function<InputReader.Input, V> part) {
    Map<String, V> parts = new LinkedHashMap<>();
    read.forEach((pointer, input) -> parts.put(pointer, part.apply(input)));
    return parts;
  }

  private static Set<String> otherSizes(
      Map<String, InputReader.Input> read, StageInputs announced) {
    Set<String> others = new HashSet<>();
    read.forEach(
        (pointer, input) -> {
          if (!input.size().equals(announced.sizes().get(pointer))) {
            others.add(pointer);
          }
        });
    return others;
  }

  private static void abandon(Ticket ticket) {
    ticket.withdraw();
    ticket.hold().close();
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

  /** Waits until the pictures may be read; false where the job ended before. */
  private static boolean hasRoom(StageInputs inputs, Ticket ticket) {
    inputs.room().join();
    return !ticket.outcome().isDone();
  }

  /** Reads all pictures; the job is abandoned where one of them cannot be read. */
  private Map<String, InputReader.Input> read(Prepared prepared, Ticket ticket, ObjectUri folder)
      throws RenderFailure {
    Map<String, InputReader.Input> read = new LinkedHashMap<>();
    boolean all = false;
    try {
      for (InputReader.Announced announced : prepared.inputs()) {
        read.put(announced.pointer(), inputs.read(announced, folder));
      }
      all = true;
      return read;
    } finally {
      if (!all) {
        abandon(ticket);
      }
    }
  }

  private StageJob job(
      Prepared prepared,
      Optional<StageInputs> pending,
      Optional<JobPreviews> previews,
      Delivery delivery) {
    RenderRequest request = prepared.plan().effective();
    String id = request.id().value();
    return new StageJob(
        request.id(),
        prepared.plan().stage(),
        prepared.prompting().texts(),
        pending,
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
