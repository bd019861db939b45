package io.darkroom.engine;

import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.job.ErrorClass;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditions;
import io.darkroom.model.Shape;
import io.darkroom.plan.HeapBytes;
import io.darkroom.plan.Stage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The mutable state of one stage in the engine. Engine thread only. */
final class ActiveJob implements StepScheduler.Contender {
  private final StageJob job;
  private final GuardedListener listener;
  private final Ticket ticket;
  private final long submittedNanos;
  private final RowCosts costs;
  private final JobProgress progress;
  private final JobParts parts;
  private final long imageBytes;
  private final Shape sample;
  private @Nullable List<float[]> hiddenStates;
  private ConditionPlan.@Nullable Rows conditions;
  private boolean begun;
  private boolean ended;
  private long order;
  private long waitingSinceNanos;

  /**
   * @param costs of rows, as measured
   * @param remainingNanos of a job until its last evaluation
   */
  ActiveJob(
      StageJob job,
      Ticket ticket,
      long submittedNanos,
      RowCosts costs,
      ToLongFunction<ActiveJob> remainingNanos) {
    this.costs = costs;
    this.job = job;
    this.listener = new GuardedListener(job.id(), job.listener());
    this.ticket = ticket;
    this.submittedNanos = submittedNanos;
    this.waitingSinceNanos = submittedNanos;
    this.imageBytes = HeapBytes.underWay(job.stage());
    this.sample = job.stage().sample();
    this.parts = new JobParts(job);
    this.progress = new JobProgress(job, listener, () -> remainingNanos.applyAsLong(this));
  }

  StageJob job() {
    return job;
  }

  Stage stage() {
    return job.stage();
  }

  /** The listener to its progress; what it throws is logged. */
  StageJob.ProgressListener listener() {
    return listener;
  }

  /** What one of its images takes of the Java heap while it is under way. */
  long imageBytes() {
    return imageBytes;
  }

  /** What all its pictures take, and for how long. */
  PictureHold hold() {
    return ticket.hold();
  }

  /** The shape of its images' samples. */
  Shape sample() {
    return sample;
  }

  @Override
  public long order() {
    return order;
  }

  @Override
  public int level() {
    return job.priority();
  }

  /** Since it came, or since one of its images got a slot. */
  @Override
  public long waitingSinceNanos() {
    return waitingSinceNanos;
  }

  /** Slots that its images hold. */
  @Override
  public int held() {
    return parts.underWay();
  }

  @Override
  public long workNanos() {
    return Math.round(costs.nanosLeft(this));
  }

  @Override
  public int rows() {
    return stage().guidance().rows();
  }

  /** Its place among the jobs, by the time at which they came. */
  void order(long place) {
    order = place;
  }

  long submittedNanos() {
    return submittedNanos;
  }

  /** Rows of the denoising network still to run. */
  long rowsLeft() {
    return ended ? 0 : (long) progress.left() * rows();
  }

  boolean ended() {
    return ended;
  }

  /** Its texts are encoded: {@code [tokens, width]} of each. */
  void encoded(List<float[]> states) {
    hiddenStates = states;
  }

  /** Whether its texts are still to be encoded. */
  boolean needsTexts() {
    return !job.texts().isEmpty() && hiddenStates == null;
  }

  /** What the rows of its next image are conditioned on; shared where images do not differ. */
  ConditionPlan.Rows conditions(NoiseSource noise) {
    List<ConditionPlan> plans = stage().conditions();
    ConditionPlan.Rows rows = conditions;
    if (rows == null || plans.stream().anyMatch(ConditionPlan::perImage)) {
      rows = Conditions.tensors(plans, inputs(noise));
      conditions = rows;
    }
    return rows;
  }

  private ConditionPlan.Inputs inputs(NoiseSource noise) {
    return new ConditionPlan.Inputs(
        sample,
        noise,
        job.inputs().map(StageInputs::pictures).orElse(Map.of()),
        Objects.requireNonNullElse(hiddenStates, List.of()));
  }

  boolean hasImagesToStart() {
    return parts.started() < parts.count() || parts.hasPaused();
  }

  /** Whether its pictures are still to be read. */
  boolean needsInputs() {
    return job.inputs().isPresent() && !job.inputs().get().isRead();
  }

  /** It has its part of the heap, and its pictures may be read. */
  void begin() {
    begun = true;
    job.inputs().ifPresent(inputs -> inputs.room().complete(null));
  }

  /** Whether it has its part of the heap. */
  boolean begun() {
    return begun;
  }

  /** Whether an image was started. */
  boolean started() {
    return parts.started() > 0;
  }

  /** The image that was paused first gets a slot again. */
  Slot resumeImage(long nowNanos) {
    waitingSinceNanos = nowNanos;
    return parts.resume();
  }

  int startImage(long nowNanos) {
    waitingSinceNanos = nowNanos;
    return parts.start();
  }

  /** How far each of its images is. */
  JobParts parts() {
    return parts;
  }

  /** Whether it has ended: before, or now, by a withdrawal or its deadline. */
  boolean over(long nowNanos) {
    if (ticket.withdrawn()) {
      stop(StageOutcome.Reason.WITHDRAWN);
    } else if (job.deadlineNanos().isPresent() && nowNanos > deadlineNanos()) {
      broken(ErrorClass.DEADLINE, "the deadline passed between two evaluations");
    }
    return ended;
  }

  /**
   * Ends it between two evaluations, with how far it is: its trajectories' arrays go to the
   * outcome.
   */
  void stop(StageOutcome.Reason reason) {
    if (!ended) {
      end(new StageOutcome.Stopped(reason, parts.leave(), progress.rows()));
    }
  }

  @Override
  public long deadlineNanos() {
    return job.deadlineNanos().orElse(Long.MAX_VALUE);
  }

  /** Counts its evaluations. */
  JobProgress progress() {
    return progress;
  }

  /** Says again how far the job is, where it has begun. */
  void remind() {
    if (!ended) {
      progress.remind();
    }
  }

  void picture(int image, StageOutcome.Picture picture, long nowNanos) {
    if (parts.finish(image, picture)) {
      StageOutcome.Spent spent = progress.spent(submittedNanos, nowNanos);
      end(new StageOutcome.Done(parts.pictures(), progress.rows(), spent));
    }
  }

  void broken(ErrorClass kind, String message) {
    end(new StageOutcome.Broken(kind, message, progress.rows()));
  }

  private void end(StageOutcome outcome) {
    if (!ended) {
      ended = true;
      parts.clear();
      if (!(outcome instanceof StageOutcome.Done)) {
        ticket.hold().close();
      }
      ticket.outcome().complete(outcome);
      job.inputs().ifPresent(inputs -> inputs.room().complete(null));
    }
  }
}
