package io.darkroom.engine;

import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.job.ErrorClass;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditions;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.HeapBytes;
import io.darkroom.plan.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The mutable state of one stage in the engine. Engine thread only. */
final class ActiveJob implements StepScheduler.Contender {
  private final StageJob job;
  private final GuardedListener listener;
  private final Ticket ticket;
  private final long submittedNanos;
  private final RowCosts costs;
  private final LongSupplier remainingNanos;
  private final long imageBytes;
  private final StageOutcome.@Nullable Picture[] pictures;
  private final Shape sample;
  private @Nullable List<float[]> hiddenStates;
  private ConditionPlan.@Nullable Rows conditions;
  private final @Nullable Slot[] slots;
  private final @Nullable Tensor[] samples;
  private boolean begun;
  private int imagesStarted;
  private int imagesDone;
  private int advanced;
  private long evaluations;
  private boolean evaluating;
  private long firstNanos;
  private long lastNanos;
  private boolean ended;
  private long order;

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
    this.remainingNanos = () -> remainingNanos.applyAsLong(this);
    this.job = job;
    this.listener = new GuardedListener(job.id(), job.listener());
    this.ticket = ticket;
    this.submittedNanos = submittedNanos;
    this.imageBytes = HeapBytes.underWay(job.stage());
    this.sample = job.stage().sample();
    int images = job.stage().parts().size();
    this.pictures = new StageOutcome.Picture[images];
    this.slots = new Slot[images];
    this.samples = new Tensor[images];
    this.advanced = job.resume().stream().mapToInt(this::done).sum();
  }

  private int done(PartState part) {
    if (part instanceof PartState.Sampling sampling) {
      return sampling.state().done();
    }
    return part instanceof PartState.Sampled ? stage().sampler().evaluations() : 0;
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

  @Override
  public long waitingSinceNanos() {
    return submittedNanos;
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
    return ended ? 0 : (long) (wanted() - advanced) * rows();
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
    return imagesStarted < pictures.length;
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
    return imagesStarted > 0;
  }

  int startImage() {
    return imagesStarted++;
  }

  /** An image is under way. */
  void sampling(int image, Slot slot) {
    slots[image] = slot;
  }

  /** The evaluations of an image are done. */
  void sampled(int image, Tensor sample) {
    slots[image] = null;
    samples[image] = sample;
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
      List<PartState> parts = IntStream.range(0, pictures.length).mapToObj(this::part).toList();
      end(new StageOutcome.Stopped(reason, parts, evaluations));
    }
  }

  private PartState part(int image) {
    Tensor sample = samples[image];
    if (sample != null) {
      return new PartState.Sampled(sample);
    }
    Slot slot = slots[image];
    return slot == null ? job.resume(image) : new PartState.Sampling(slot.trajectory().leave());
  }

  @Override
  public long deadlineNanos() {
    return job.deadlineNanos().orElse(Long.MAX_VALUE);
  }

  void beforeEvaluation(long nowNanos) {
    if (!evaluating) {
      evaluating = true;
      firstNanos = nowNanos;
      listener.progressed(0, wanted(), remainingNanos);
    }
  }

  void evaluated(int rows) {
    evaluations += rows;
    advanced++;
  }

  void afterEvaluation(long nowNanos) {
    lastNanos = nowNanos;
    listener.progressed(advanced, wanted(), remainingNanos);
  }

  /** Says again how far the job is, where it has begun: others may have had the last calls. */
  void remind() {
    if (evaluating && !ended) {
      listener.progressed(advanced, wanted(), remainingNanos);
    }
  }

  private int wanted() {
    return pictures.length * stage().sampler().evaluations();
  }

  void picture(int image, StageOutcome.Picture picture, long nowNanos) {
    pictures[image] = picture;
    imagesDone++;
    if (imagesDone == pictures.length) {
      end(new StageOutcome.Done(finished(), evaluations, spent(nowNanos)));
    }
  }

  private List<StageOutcome.Picture> finished() {
    return Arrays.stream(pictures).flatMap(p -> Optional.ofNullable(p).stream()).toList();
  }

  private StageOutcome.Spent spent(long nowNanos) {
    if (!evaluating) {
      // Every evaluation was done before this engine got the job.
      return new StageOutcome.Spent(nowNanos - submittedNanos, 0, 0);
    }
    return new StageOutcome.Spent(
        firstNanos - submittedNanos, lastNanos - firstNanos, nowNanos - lastNanos);
  }

  void broken(ErrorClass kind, String message) {
    end(new StageOutcome.Broken(kind, message, evaluations));
  }

  private void end(StageOutcome outcome) {
    if (!ended) {
      ended = true;
      // Slots may know the job for a while; the pictures are the outcome's alone.
      Arrays.fill(pictures, null);
      Arrays.fill(slots, null);
      Arrays.fill(samples, null);
      if (!(outcome instanceof StageOutcome.Done)) {
        ticket.hold().close();
      }
      ticket.outcome().complete(outcome);
      job.inputs().ifPresent(inputs -> inputs.room().complete(null));
    }
  }
}
