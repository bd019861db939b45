package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageInputs;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.StageOutcome;
import io.darkroom.engine.Ticket;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import io.darkroom.model.Tensor;
import io.darkroom.plan.RenderPlan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Renders a prepared job on the engine, one stage after the other, with progress, previews and
 * cancellation. Input images are read when the engine has memory for them. Blocks the calling
 * thread.
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
   * Renders a job. Close the result when its files are stored.
   *
   * @param folder folder of the request's objects
   * @param checkpoint file of the checkpoint, which an earlier worker may have written and this
   *     worker may write
   * @param delivery the record of the request
   * @param intermediate receives the pictures of each stage except the last
   * @throws RenderFailure if the engine failed to finish the job, it was cancelled, or its deadline
   *     passed
   * @throws Unsettled if the engine was drained or closed
   */
  Rendered render(
      Prepared prepared,
      ObjectUri folder,
      CheckpointFile checkpoint,
      Delivery delivery,
      Intermediate intermediate)
      throws RenderFailure {
    Job job = new Job(prepared, folder, checkpoint, delivery, intermediate);
    Attempt last = attempt(job, checkpoint.read(prepared));
    if (!last.swapped().isEmpty()) {
      Prepared corrected = prepared.swapSides(last.swapped());
      job = new Job(corrected, folder, checkpoint, delivery, intermediate);
      last = attempt(job, checkpoint.read(corrected));
    }
    if (last.otherInputs()) {
      checkpoint.ignored("an input has changed since");
      last = attempt(job, Optional.empty());
    }
    return last.rendered()
        .orElseThrow(
            () -> RenderFailure.failed(ErrorClass.INPUT, "an input changed while it was read"));
  }

  /** Stores the pictures of a stage that is not the last. */
  @FunctionalInterface
  interface Intermediate {
    /**
     * Stores the pictures, if the request keeps them.
     *
     * @param stage index of the stage, from 0
     * @param pictures one per image
     * @param inputs files of the request's inputs, by pointer
     * @param source what the pictures take from the picture that they enlarge
     * @return the files of the pictures; empty if they are not kept
     */
    List<Manifest.OutputFile> store(
        int stage,
        List<Tensor> pictures,
        Map<String, Manifest.InputFile> inputs,
        SourceDetails source)
        throws RenderFailure;
  }

  /** A prepared request with everything that is needed to render it. */
  private record Job(
      Prepared prepared,
      ObjectUri folder,
      CheckpointFile checkpoint,
      Delivery delivery,
      Intermediate intermediate) {}

  /**
   * The result of one try.
   *
   * @param rendered empty if the pictures differ from their headers or from those of the checkpoint
   * @param swapped pointers of pictures whose width and height are swapped compared with their
   *     headers
   */
  private record Attempt(Optional<Rendered> rendered, Set<String> swapped) {
    /** Returns whether the pictures differ from those of the checkpoint. */
    boolean otherInputs() {
      return rendered.isEmpty() && swapped.isEmpty();
    }
  }

  private Attempt attempt(Job job, Optional<Checkpoint> from) throws RenderFailure {
    try (JobRun run = new JobRun(job.prepared(), from)) {
      boolean usable = true;
      while (usable && !run.last()) {
        usable = runAndStoreStage(job, run);
      }
      Optional<Rendered> rendered =
          usable ? runStage(job, run).map(run::rendered) : Optional.empty();
      return new Attempt(rendered, run.swapped());
    }
  }

  /**
   * Runs a stage that is not the last, stores its pictures if they are kept, and makes them the
   * inputs of the next stage. Returns false if the inputs of the request differ from their headers
   * or from those of the checkpoint.
   */
  private boolean runAndStoreStage(Job job, JobRun run) throws RenderFailure {
    Optional<StageOutcome.Done> end = runStage(job, run);
    if (end.isPresent()) {
      List<Tensor> pictures =
          end.get().pictures().stream().map(StageOutcome.Picture::pixels).toList();
      run.advance(
          end.get(), job.intermediate().store(run.number(), pictures, run.files(), run.source()));
    }
    return end.isPresent();
  }

  /**
   * Runs one stage. Returns empty if the inputs of the request differ from their headers or from
   * those of the checkpoint.
   */
  @SuppressWarnings("try") // the watch is used only for its effect
  private Optional<StageOutcome.Done> runStage(Job job, JobRun run) throws RenderFailure {
    Prepared prepared = job.prepared();
    LoadedModel model = prepared.models().get(run.number());
    Optional<JobPreviews> previews =
        previewer.of(prepared.plan(), run.number(), model, job.folder());
    Optional<StageInputs> pending = run.inputs();
    Ticket ticket = submit(run, stageJob(run, pending, previews, job.delivery()));
    job.delivery().lease().onLost(ticket.cancellation());
    StageOutcome outcome;
    try (Cancellations.Watch watch = watch(prepared, ticket)) {
      if (run.readsInputs() && hasRoom(pending.orElseThrow(), ticket)) {
        ReadInputs read = read(prepared, job.folder());
        if (!run.accepts(read)) {
          return Optional.empty();
        }
        pending.get().giveEach(run.take(read));
      }
      outcome = ticket.outcome().join();
    } finally {
      ticket.cancel(); // ends the job if its inputs were not accepted
      previews.ifPresent(JobPreviews::close);
    }
    return Optional.of(done(job, run, outcome));
  }

  private Ticket submit(JobRun run, StageJob stage) {
    Ticket ticket =
        run.hold().map(hold -> engine.submit(stage, hold)).orElseGet(() -> engine.submit(stage));
    run.setHold(ticket.hold());
    return ticket;
  }

  /**
   * Returns the pictures of a stage. Writes a checkpoint if another worker will continue the
   * request.
   */
  private static StageOutcome.Done done(Job job, JobRun run, StageOutcome outcome)
      throws RenderFailure {
    if (outcome instanceof StageOutcome.Done done) {
      return done;
    }
    StageOutcome whole = run.counted(outcome);
    if (whole instanceof StageOutcome.Broken broken) {
      throw RenderFailure.broken(broken, run.plan().named(run.number()));
    }
    StageOutcome.Stopped stopped = (StageOutcome.Stopped) whole;
    if (stopped.reason() == StageOutcome.Reason.DRAINED) {
      run.checkpoint((StageOutcome.Stopped) outcome)
          .ifPresent(state -> job.checkpoint().write(job.prepared(), state));
    }
    throw RenderFailure.stopped(stopped);
  }

  /** Waits until the pictures may be read. Returns false if the job ended first. */
  private static boolean hasRoom(StageInputs inputs, Ticket ticket) {
    inputs.room().join();
    return !ticket.outcome().isDone();
  }

  private ReadInputs read(Prepared prepared, ObjectUri folder) throws RenderFailure {
    Map<String, InputReader.Input> read = new LinkedHashMap<>();
    for (InputReader.Announced announced : prepared.inputs()) {
      read.put(
          announced.pointer(),
          inputs.read(announced, prepared.plan().form(announced.pointer()), folder));
    }
    return new ReadInputs(read);
  }

  private StageJob stageJob(
      JobRun run,
      Optional<StageInputs> pending,
      Optional<JobPreviews> previews,
      Delivery delivery) {
    RenderPlan plan = run.plan();
    RenderRequest request = plan.effective();
    String id = request.id().value();
    ThrottledProgress listener =
        new ThrottledProgress(id, previews, delivery, events, clock, nanoClock);
    return new StageJob(
            request.id(),
            run.stage(),
            run.prepared().prompting().get(run.number()).texts(),
            pending,
            request.options().priority(),
            deadline(request),
            new StageProgress(plan.evaluations(run.number()), plan.evaluations(), listener))
        .before(plan.following(run.number()))
        .decoded(plan.decodes(run.number()))
        .resumed(run.resume())
        .of(tenants.of(delivery, request));
  }

  private Cancellations.Watch watch(Prepared prepared, Ticket ticket) {
    return cancellations.watch(prepared.plan().effective().id(), ticket::cancel);
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
