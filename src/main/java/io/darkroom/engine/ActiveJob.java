package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.HeapBytes;
import io.darkroom.plan.Stage;
import java.util.List;
import java.util.function.ToLongFunction;

/** The mutable state of one stage in the engine. Engine thread only. */
final class ActiveJob implements CallScheduler.Contender {
  private final StageJob job;
  private final GuardedListener listener;
  private final Ticket ticket;
  private final long submittedNanos;
  private final RowCosts costs;
  private final JobProgress progress;
  private final JobInputs inputs;
  private final JobParts parts;
  private final long imageBytes;
  private final Shape sample;
  private final RowCosts.Rows ownRows;
  private final List<RowCosts.Rows> following;
  private List<ActiveJob> ofSameTenant = List.of(this);
  private boolean begun;
  private boolean ended;
  private long order;
  private long waitingSinceNanos;

  /**
   * @param costs measured cost of rows
   * @param remainingNanos computes the time of a job until its last evaluation
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
    this.ownRows = RowCosts.Rows.of(job.stage());
    this.following = job.following().stream().map(RowCosts.Rows::of).toList();
    this.inputs = new JobInputs(job);
    this.parts = new JobParts(job);
    this.progress = new JobProgress(job, listener, () -> remainingNanos.applyAsLong(this));
  }

  StageJob job() {
    return job;
  }

  Stage stage() {
    return job.stage();
  }

  /** Returns the listener for progress; its exceptions are logged. */
  StageJob.ProgressListener listener() {
    return listener;
  }

  /** Bytes of the Java heap for one of its images while it is denoised. */
  long imageBytes() {
    return imageBytes;
  }

  /** Returns the reservation of heap for all its pictures. */
  PictureHold hold() {
    return ticket.hold();
  }

  /** Returns the shape of its images' samples. */
  Shape sample() {
    return sample;
  }

  /** All rows of its stage. */
  RowCosts.Rows ownRows() {
    return ownRows;
  }

  /** Rows of the stages of its request that start from its results. */
  List<RowCosts.Rows> following() {
    return following;
  }

  @Override
  public long order() {
    return order;
  }

  @Override
  public int level() {
    return job.priority();
  }

  /** Returns the time of the submission, or of the last time that one of its images got a slot. */
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
  public double tenantLoad() {
    int slots = 0;
    for (int i = 0; i < ofSameTenant.size(); i++) {
      ActiveJob each = ofSameTenant.get(i);
      slots += each.ended ? 0 : each.held();
    }
    return (double) slots / job.tenant().weight();
  }

  /** Sets the live list of the jobs of its tenant, itself included. */
  void ofSameTenant(List<ActiveJob> jobs) {
    ofSameTenant = jobs;
  }

  @Override
  public long workNanos() {
    return Math.round(costs.nanosLeft(this));
  }

  @Override
  public int rows() {
    return stage().guidance().mostRows();
  }

  /** Sets its position among the jobs, in order of submission. */
  void order(long place) {
    order = place;
  }

  long submittedNanos() {
    return submittedNanos;
  }

  /** Returns the rows of the denoising network that remain. */
  long rowsLeft() {
    return ended ? 0 : progress.left() * stage().rows() / stage().evaluations();
  }

  boolean ended() {
    return ended;
  }

  /** Returns its input pictures, texts and conditions. */
  JobInputs inputs() {
    return inputs;
  }

  boolean hasImagesToStart() {
    return parts.started() < parts.count() || parts.hasPaused();
  }

  /** Marks the job as begun: its heap is reserved, and its input pictures may be read. */
  void begin() {
    begun = true;
    inputs.giveRoom();
  }

  /** Returns whether its heap is reserved. */
  boolean begun() {
    return begun;
  }

  /** Returns whether at least one image was started. */
  boolean started() {
    return parts.started() > 0;
  }

  /** Gives a slot to the image that was paused first. */
  Slot resumeImage(long nowNanos) {
    waitingSinceNanos = nowNanos;
    return parts.resume();
  }

  int startImage(long nowNanos) {
    waitingSinceNanos = nowNanos;
    return parts.start();
  }

  /** Returns the states of its images. */
  JobParts parts() {
    return parts;
  }

  /**
   * Returns whether the job has ended. Ends it now if it is cancelled or its deadline has passed.
   */
  boolean endIfDue(long nowNanos) {
    if (ticket.cancelled()) {
      stop(StageOutcome.Reason.CANCELLED);
    } else if (job.deadlineNanos().isPresent() && nowNanos > deadlineNanos()) {
      fail(ErrorClass.DEADLINE, "the deadline passed between two evaluations");
    }
    return ended;
  }

  /**
   * Ends it between two evaluations. The outcome takes over the states of its images, with their
   * arrays.
   */
  void stop(StageOutcome.Reason reason) {
    if (!ended) {
      end(new StageOutcome.Stopped(reason, parts.detach(), progress.rows()));
    }
  }

  @Override
  public long deadlineNanos() {
    return job.deadlineNanos().orElse(Long.MAX_VALUE);
  }

  /** Returns the counter of its evaluations. */
  JobProgress progress() {
    return progress;
  }

  /** Reports the progress again, if the job has begun. */
  void remind() {
    if (!ended) {
      progress.remind();
    }
  }

  /** Stores the finished part of a picture. */
  void addPicture(int part, Tensor ofSampler, Tensor pixels, long nowNanos) {
    if (parts.finish(part, ofSampler, pixels, inputs.mask(part))) {
      StageOutcome.Spent spent = progress.spent(submittedNanos, nowNanos);
      end(new StageOutcome.Done(parts.pictures(), progress.rows(), spent));
    }
  }

  void fail(ErrorClass kind, String message) {
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
      inputs.giveRoom();
    }
  }
}
