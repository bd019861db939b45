package io.darkroom.engine;

import io.darkroom.job.JobId;
import io.darkroom.model.ConditionPlan;
import io.darkroom.plan.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * One stage of one request, with everything that the engine needs.
 *
 * @param id id of the request
 * @param stage the planned stage
 * @param following stages of the same request that start from its results, in order; memory for
 *     them is reserved with its own
 * @param texts token ids of the texts of its conditions
 * @param inputs the input pictures, if there are any
 * @param priority 0 to 9, higher first
 * @param deadlineNanos deadline on the engine's clock
 * @param tenant tenant of the request
 * @param decoded whether its pictures are needed; false if only the next stage needs its samples
 * @param resume states of the stage's parts in their order; empty if all start at their beginning
 * @param listener receives progress on the engine thread; must not block
 */
public record StageJob(
    JobId id,
    Stage stage,
    List<Stage> following,
    Map<ConditionPlan.Text, Tokenizer.Tokens> texts,
    Optional<StageInputs> inputs,
    int priority,
    OptionalLong deadlineNanos,
    Tenant tenant,
    boolean decoded,
    List<PartState> resume,
    ProgressListener listener) {

  public StageJob {
    following = List.copyOf(following);
    texts = Map.copyOf(texts);
    resume = List.copyOf(resume);
    int parts = stage.parts();
    if (!resume.isEmpty() && resume.size() != parts) {
      throw new IllegalArgumentException(
          "resume: must be a state for each of " + parts + " parts, has " + resume.size());
    }
  }

  /** Creates a job without a tenant whose images all start at their beginning. */
  public StageJob(
      JobId id,
      Stage stage,
      Map<ConditionPlan.Text, Tokenizer.Tokens> texts,
      Optional<StageInputs> inputs,
      int priority,
      OptionalLong deadlineNanos,
      ProgressListener listener) {
    this(
        id,
        stage,
        List.of(),
        texts,
        inputs,
        priority,
        deadlineNanos,
        Tenant.NONE,
        true,
        List.of(),
        listener);
  }

  /** Returns a copy with these states of its parts. */
  public StageJob resumed(List<PartState> parts) {
    return copy(following, tenant, decoded, parts);
  }

  /** Returns a copy with the following stages of its request. */
  public StageJob before(List<Stage> later) {
    return copy(later, tenant, decoded, resume);
  }

  /** Returns a copy of a tenant. */
  public StageJob of(Tenant owner) {
    return copy(following, owner, decoded, resume);
  }

  /** Returns a copy whose samples are decoded, or not. */
  public StageJob decoded(boolean needed) {
    return copy(following, tenant, needed, resume);
  }

  private StageJob copy(List<Stage> later, Tenant owner, boolean needed, List<PartState> parts) {
    return new StageJob(
        id, stage, later, texts, inputs, priority, deadlineNanos, owner, needed, parts, listener);
  }

  /** Returns whether a part begins in the middle of its samples. */
  boolean isResumed() {
    return resume.stream().anyMatch(PartState.Sampling.class::isInstance);
  }

  /** Returns the state of a part when the job begins. */
  PartState resume(int part) {
    return resume.isEmpty() ? new PartState.Waiting() : resume.get(part);
  }

  /**
   * Receives the progress of a stage on the engine thread; must not block. Its exceptions are
   * logged.
   */
  @FunctionalInterface
  public interface ProgressListener {
    /**
     * Reports the number of finished evaluations; 0 immediately before the first evaluation. For a
     * resumed stage the first report has the number of earlier evaluations.
     *
     * @param remainingNanos computes the estimated time until the last evaluation; 0 if it is not
     *     known. Call it only during this method; it takes some time
     */
    void progressed(int done, int wanted, LongSupplier remainingNanos);

    /**
     * Receives the estimate of a finished part after an evaluation; {@link #progressed} follows.
     *
     * @param part index of the image, or of the tile, in the stage, from 0
     * @param done evaluations of this part, including this one
     * @param estimate {@code [C, H, W]}, which other values may follow; valid only during this
     *     method and must not be changed
     */
    default void denoised(int part, int done, float[] estimate) {}
  }
}
