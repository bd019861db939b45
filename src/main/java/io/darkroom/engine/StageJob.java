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
 * @param source the picture that it starts from, where there is one
 * @param priority 0 to 9, higher first
 * @param deadlineNanos on the engine's clock
 * @param listener told of progress, on the engine thread: must not block
 */
public record StageJob(
    JobId id,
    Stage stage,
    List<Tokens> texts,
    Optional<Source> source,
    int priority,
    OptionalLong deadlineNanos,
    ProgressListener listener) {

  public StageJob {
    texts = List.copyOf(texts);
  }

  /**
   * Hears of a stage's progress, on the engine thread: must not block. What it throws is logged.
   */
  @FunctionalInterface
  public interface ProgressListener {
    /**
     * So many of the wanted evaluations are done; 0 when the first one is about to run.
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
