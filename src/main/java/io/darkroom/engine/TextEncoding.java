package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import java.util.List;

/** Encodes the texts of jobs that are about to get slots. Engine thread only. */
final class TextEncoding {
  /**
   * Maximum number of jobs whose texts are encoded between two calls of the denoiser, so that the
   * loop is not delayed for long.
   */
  private static final int JOBS_PER_TICK = 4;

  private int left;

  /** Starts an iteration of the engine. */
  void turn() {
    left = JOBS_PER_TICK;
  }

  /** Encodes the texts of a job if they are not encoded yet and this iteration allows more. */
  void encode(ActiveJob job, Networks networks) {
    if (job.needsTexts() && left > 0) {
      left--;
      encodeNow(job, networks);
    }
  }

  private static void encodeNow(ActiveJob job, Networks networks) {
    if (networks.textEncoder().isEmpty()) {
      job.broken(ErrorClass.MODEL, "model: " + job.stage().model().name() + " has no text encoder");
      return;
    }
    List<long[]> ids = job.job().texts().stream().map(Tokens::ids).toList();
    job.encoded(networks.textEncoder().get().encode(ids));
  }
}
