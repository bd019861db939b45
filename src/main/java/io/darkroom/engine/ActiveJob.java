package io.darkroom.engine;

import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.job.ErrorClass;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditions;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
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
  private @Nullable List<Tensor> encoded;
  private ConditionPlan.@Nullable Rows conditions;
  private List<ActiveJob> ofSameTenant = List.of(this);
  private boolean begun;
  private boolean ended;
  private long order;
  private long waitingSinceNanos;

  /**
   * @param costs measured cost of rows
   * @param remainingNanos gives the time of a job until its last evaluation
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

  /** The listener for progress; its exceptions are logged. */
  StageJob.ProgressListener listener() {
    return listener;
  }

  /** Bytes of the Java heap for one of its images while it is denoised. */
  long imageBytes() {
    return imageBytes;
  }

  /** The reservation of heap for all its pictures. */
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

  /** Time of the submission, or of the last time that one of its images got a slot. */
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
    return stage().guidance().rows();
  }

  /** Sets its position among the jobs, in order of submission. */
  void order(long place) {
    order = place;
  }

  long submittedNanos() {
    return submittedNanos;
  }

  /** Rows of the denoising network that are still to be run. */
  long rowsLeft() {
    return ended ? 0 : (long) progress.left() * rows();
  }

  boolean ended() {
    return ended;
  }

  /** Takes the encoded texts, {@code [tokens, width]} each. */
  void encoded(List<float[]> states) {
    hiddenStates = states;
  }

  /** Whether its texts must still be encoded. */
  boolean needsTexts() {
    return !job.texts().isEmpty() && hiddenStates == null;
  }

  /** Takes the encoded pictures, {@code [2C, H, W]} for each of {@link Stage#encodings}. */
  void encodedPictures(List<Tensor> distributions) {
    encoded = distributions;
  }

  /** Whether its pictures must still be encoded. */
  boolean needsEncodings() {
    return encoded == null && !stage().encodings().isEmpty();
  }

  /** Mean and standard deviation of the latents of its encoded pictures. */
  List<Tensor> encoded() {
    return Objects.requireNonNullElse(encoded, List.of());
  }

  /** The pictures that it reads, as it takes them, by pointer. */
  Map<String, Tensor> pictures() {
    return job.inputs().map(StageInputs::pictures).orElse(Map.of());
  }

  /** The conditions of the rows of its next image; shared if the images do not differ. */
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
        pictures(),
        Objects.requireNonNullElse(hiddenStates, List.of()),
        ofConditions(encoded()));
  }

  /** Those of the conditions, which come last. */
  private List<Tensor> ofConditions(List<Tensor> all) {
    int count = stage().conditions().stream().mapToInt(each -> each.encodings().size()).sum();
    return all.subList(all.size() - Math.min(count, all.size()), all.size());
  }

  boolean hasImagesToStart() {
    return parts.started() < parts.count() || parts.hasPaused();
  }

  /** Whether its input pictures must still be read. */
  boolean needsInputs() {
    return job.inputs().isPresent() && !job.inputs().get().isRead();
  }

  /** Marks the job as begun: its heap is reserved, and its input pictures may be read. */
  void begin() {
    begun = true;
    job.inputs().ifPresent(inputs -> inputs.room().complete(null));
  }

  /** Whether its heap is reserved. */
  boolean begun() {
    return begun;
  }

  /** Whether at least one image was started. */
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

  /** The states of its images. */
  JobParts parts() {
    return parts;
  }

  /** Whether it has ended. Ends it now if it is withdrawn or its deadline has passed. */
  boolean over(long nowNanos) {
    if (ticket.withdrawn()) {
      stop(StageOutcome.Reason.WITHDRAWN);
    } else if (job.deadlineNanos().isPresent() && nowNanos > deadlineNanos()) {
      broken(ErrorClass.DEADLINE, "the deadline passed between two evaluations");
    }
    return ended;
  }

  /**
   * Ends it between two evaluations. The outcome takes over the states of its images, with their
   * arrays.
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

  /** The counter of its evaluations. */
  JobProgress progress() {
    return progress;
  }

  /** Reports the progress again, if the job has begun. */
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
