package io.darkroom.engine;

import io.darkroom.job.JobId;
import io.darkroom.plan.Stage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * One stage of one request, with everything that the engine needs.
 *
 * @param id id of the request
 * @param stage the planned stage
 * @param texts token ids of the texts of its conditions, in order
 * @param inputs the input pictures, if there are any
 * @param priority 0 to 9, higher first
 * @param deadlineNanos deadline on the engine's clock
 * @param tenant whose job it is
 * @param resume states of the stage's images in their order; empty if all images start at their
 *     beginning
 * @param listener receives progress on the engine thread; must not block
 */
public record StageJob(
    JobId id,
    Stage stage,
    List<Tokens> texts,
    Optional<StageInputs> inputs,
    int priority,
    OptionalLong deadlineNanos,
    Tenant tenant,
    List<PartState> resume,
    ProgressListener listener) {

  public StageJob {
    texts = List.copyOf(texts);
    resume = List.copyOf(resume);
    int images = stage.parts().size();
    if (!resume.isEmpty() && resume.size() != images) {
      throw new IllegalArgumentException(
          "resume: must be a state for each of " + images + " images, has " + resume.size());
    }
  }

  /** A job without a tenant whose images all start at their beginning. */
  public StageJob(
      JobId id,
      Stage stage,
      List<Tokens> texts,
      Optional<StageInputs> inputs,
      int priority,
      OptionalLong deadlineNanos,
      ProgressListener listener) {
    this(id, stage, texts, inputs, priority, deadlineNanos, Tenant.NONE, List.of(), listener);
  }

  /** The same job with these states of its images. */
  public StageJob resumed(List<PartState> parts) {
    return new StageJob(id, stage, texts, inputs, priority, deadlineNanos, tenant, parts, listener);
  }

  /** The same job of a tenant. */
  public StageJob of(Tenant owner) {
    return new StageJob(id, stage, texts, inputs, priority, deadlineNanos, owner, resume, listener);
  }

  /** The state of an image when the job begins. */
  PartState resume(int image) {
    return resume.isEmpty() ? new PartState.Waiting() : resume.get(image);
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
     * @param remainingNanos gives the estimated time until the last evaluation; 0 if it is not
     *     known. Call it only during this method; it takes some time
     */
    void progressed(int done, int wanted, LongSupplier remainingNanos);

    /**
     * Receives the estimate of the finished image after an evaluation; {@link #progressed} follows.
     *
     * @param image index of the image in the stage, from 0
     * @param done evaluations of this image, including this one
     * @param estimate {@code [C, H, W]} of the sample, perhaps followed by other values; valid only
     *     during this method and must not be changed
     */
    default void denoised(int image, int done, float[] estimate) {}
  }
}
