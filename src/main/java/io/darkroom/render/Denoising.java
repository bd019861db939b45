package io.darkroom.render;

import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageInputs;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.StageOutcome;
import io.darkroom.engine.Ticket;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
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
  private final Tenants tenants;
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
      Tenants tenants,
      Clock clock,
      LongSupplier nanoClock) {
    this.engine = engine;
    this.inputs = inputs;
    this.cancellations = cancellations;
    this.events = events;
    this.previewer = previewer;
    this.tenants = tenants;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  /**
   * Renders a job; close the result when its files are stored.
   *
   * @param folder folder of the request's objects
   * @param checkpoint checkpoint of an earlier worker, if there is one; this worker may write one
   *     too
   * @param delivery the record of the request
   * @throws RenderFailure if the engine failed to finish the job, it was cancelled, or its deadline
   *     passed
   * @throws Unsettled if the engine was drained or closed
   */
  Rendered render(Prepared prepared, ObjectUri folder, CheckpointFile checkpoint, Delivery delivery)
      throws RenderFailure {
    Job job = new Job(prepared, folder, checkpoint, delivery);
    Attempt last = attempt(job, checkpoint.read(prepared));
    if (!last.turned().isEmpty()) {
      Prepared turned = prepared.turned(last.turned());
      job = new Job(turned, folder, checkpoint, delivery);
      last = attempt(job, checkpoint.read(turned));
    }
    if (last.otherInputs()) {
      checkpoint.ignored("an input has changed since");
      last = attempt(job, Optional.empty());
    }
    return last.rendered()
        .orElseThrow(
            () ->
                RenderFailure.failed(
                    ErrorClass.INPUT, "the input image changed while it was read"));
  }

  /** A prepared request and the folder of its objects. */
  private record Job(
      Prepared prepared, ObjectUri folder, CheckpointFile checkpoint, Delivery delivery) {}

  /**
   * One try.
   *
   * @param rendered empty if the pictures differ from their headers or from those of the checkpoint
   * @param turned pointers of pictures whose width and height are exchanged
   */
  private record Attempt(Optional<Rendered> rendered, Set<String> turned) {
    /** Whether the pictures differ from those of the checkpoint. */
    boolean otherInputs() {
      return rendered.isEmpty() && turned.isEmpty();
    }
  }

  @SuppressWarnings("try") // the watch is for its effect alone
  private Attempt attempt(Job job, Optional<Checkpoint> from) throws RenderFailure {
    Prepared prepared = job.prepared();
    Optional<JobPreviews> previews = previewer.of(prepared.plan(), prepared.model(), job.folder());
    Optional<StageInputs> pending = prepared.stageInputs();
    StageJob fresh = stageJob(prepared, pending, previews, job.delivery());
    Ticket ticket = engine.submit(from.map(c -> fresh.resumed(c.parts())).orElse(fresh));
    job.delivery().lease().onLost(ticket::withdraw);
    Map<String, Manifest.InputFile> files = Map.of();
    StageOutcome outcome;
    try (Cancellations.Watch watch = watch(prepared, ticket)) {
      if (pending.isPresent() && hasRoom(pending.get(), ticket)) {
        Map<String, InputReader.Input> read = read(prepared, ticket, job.folder());
        Set<String> turned = otherSizes(read, prepared);
        files = map(read, InputReader.Input::file);
        String digest = digest(files);
        if (!turned.isEmpty() || !from.map(c -> c.inputsSha256().equals(digest)).orElse(true)) {
          abandon(ticket);
          return new Attempt(Optional.empty(), turned);
        }
        pending.get().give(taken(read, prepared.plan().stage()));
      }
      outcome = ticket.outcome().join();
    } finally {
      previews.ifPresent(JobPreviews::close);
    }
    StageOutcome whole = counted(outcome, from.map(Checkpoint::evaluations).orElse(0L));
    if (outcome.evaluations() > 0 && whole instanceof StageOutcome.Stopped stopped) {
      leave(job, stopped, files);
    }
    return new Attempt(Optional.of(new Rendered(done(whole), files, ticket.hold())), Set.of());
  }

  /** Writes a checkpoint if another worker will continue the request. */
  private static void leave(
      Job job, StageOutcome.Stopped stopped, Map<String, Manifest.InputFile> files) {
    if (stopped.reason() == StageOutcome.Reason.DRAINED) {
      job.checkpoint()
          .write(
              job.prepared(),
              new Checkpoint(stopped.parts(), stopped.evaluations(), digest(files)));
    }
  }

  /** Adds the evaluations of earlier workers to an outcome. */
  private static StageOutcome counted(StageOutcome outcome, long earlier) {
    long evaluations = earlier + outcome.evaluations();
    if (outcome instanceof StageOutcome.Done done) {
      return new StageOutcome.Done(done.pictures(), evaluations, done.spent());
    }
    if (outcome instanceof StageOutcome.Broken broken) {
      return new StageOutcome.Broken(broken.kind(), broken.message(), evaluations);
    }
    StageOutcome.Stopped stopped = (StageOutcome.Stopped) outcome;
    return new StageOutcome.Stopped(stopped.reason(), stopped.parts(), evaluations);
  }

  /** Digest of the input pictures, by pointer. */
  private static String digest(Map<String, Manifest.InputFile> files) {
    StringBuilder all = new StringBuilder();
    new TreeMap<>(files).forEach((pointer, file) -> all.append(pointer).append(file.sha256()));
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static <V> Map<String, V> map(
      Map<String, InputReader.Input> read, Function<InputReader.Input, V> part) {
    Map<String, V> parts = new LinkedHashMap<>();
    read.forEach((pointer, input) -> parts.put(pointer, part.apply(input)));
    return parts;
  }

  private static Set<String> otherSizes(Map<String, InputReader.Input> read, Prepared prepared) {
    Set<String> others = new HashSet<>();
    for (InputReader.Announced announced : prepared.inputs()) {
      InputReader.Input input = Objects.requireNonNull(read.get(announced.pointer()));
      if (!input.size().equals(announced.size())) {
        others.add(announced.pointer());
      }
    }
    return others;
  }

  private static Map<String, Tensor> taken(Map<String, InputReader.Input> read, Stage stage) {
    Map<String, Tensor> taken = new HashMap<>();
    read.forEach((pointer, input) -> taken.put(pointer, stage.taken(pointer, input.tensor())));
    return taken;
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

  /** Waits until the pictures may be read. Returns false if the job ended first. */
  private static boolean hasRoom(StageInputs inputs, Ticket ticket) {
    inputs.room().join();
    return !ticket.outcome().isDone();
  }

  /** Reads all pictures; if one cannot be read, the job is withdrawn. */
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

  private StageJob stageJob(
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
            new Throttled(id, previews, delivery, events, clock, nanoClock))
        .of(tenants.of(delivery, request));
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
