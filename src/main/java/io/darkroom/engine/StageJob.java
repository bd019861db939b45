package io.darkroom.engine;

import io.darkroom.job.JobId;
import io.darkroom.plan.Stage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * One stage of one request, with all that the engine needs to do it.
 *
 * @param id the request
 * @param stage what is decided
 * @param texts token ids of the texts of its conditions, in order
 * @param inputs the pictures that it reads, where there are any
 * @param priority 0 to 9, higher first
 * @param deadlineNanos on the engine's clock
 * @param resume how far each of the stage's images is already, in their order; empty where all of
 *     them begin
 * @param listener to progress, on the engine thread: must not block
 */
public record StageJob(
    JobId id,
    Stage stage,
    List<Tokens> texts,
    Optional<StageInputs> inputs,
    int priority,
    OptionalLong deadlineNanos,
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

  /** A job whose images all begin. */
  public StageJob(
      JobId id,
      Stage stage,
      List<Tokens> texts,
      Optional<StageInputs> inputs,
      int priority,
      OptionalLong deadlineNanos,
      ProgressListener listener) {
    this(id, stage, texts, inputs, priority, deadlineNanos, List.of(), listener);
  }

  /** The same job where its images are as far as this. */
  public StageJob resumed(List<PartState> parts) {
    return new StageJob(id, stage, texts, inputs, priority, deadlineNanos, parts, listener);
  }

  /** How far an image is when the job begins. */
  PartState resume(int image) {
    return resume.isEmpty() ? new PartState.Waiting() : resume.get(image);
  }

  /**
   * Receives a stage's progress, on the engine thread: must not block. What it throws is logged.
   */
  @FunctionalInterface
  public interface ProgressListener {
    /**
     * So many of the wanted evaluations are done; 0 when the first one is about to run. A stage
     * that was resumed has some already when its first one here is about to run.
     *
     * @param remainingNanos until the last evaluation, as far as is known; 0 where nothing is. To
     *     be asked during the call only, since it takes some counting
     */
    void progressed(int done, int wanted, LongSupplier remainingNanos);

    /**
     * An image's evaluation gave this estimate of what it will be; {@link #progressed} follows.
     *
     * @param image of the stage, from 0
     * @param done evaluations of this image, the present one included
     * @param estimate {@code [C, H, W]} of the sample, what follows is none of it; to be read
     *     during the call only, and not to be written to
     */
    default void denoised(int image, int done, float[] estimate) {}
  }
}
