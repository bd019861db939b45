package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import java.util.List;
import java.util.Map;

/** Encodes the texts of jobs that are about to get their slots. Engine thread only. */
final class TextEncoding {
  /** Texts encoded between two calls of the denoiser, so that the loop is not held up for long. */
  private static final int JOBS_PER_TICK = 4;

  private int left;

  /** A turn of the engine begins. */
  void turn() {
    left = JOBS_PER_TICK;
  }

  /** Encodes a job's texts where it has any that are not, and this turn allows more. */
  void encode(ActiveJob job, Networks networks) {
    if (job.needsTexts() && left > 0) {
      left--;
      encodeNow(job, networks);
    }
  }

  private static void encodeNow(ActiveJob job, Networks networks) {
    Texts texts = job.job().texts().orElseThrow();
    if (networks.textEncoder().isEmpty()) {
      job.broken(ErrorClass.MODEL, "model: " + job.stage().model().name() + " has no text encoder");
      return;
    }
    TextEncoder encoder = networks.textEncoder().get();
    List<float[]> states = encoder.encode(List.of(texts.prompt(), texts.negativePrompt()));
    job.embeddings(
        new ActiveJob.Embeddings(conditioning(states.get(0)), conditioning(states.get(1))));
  }

  private static Conditioning conditioning(float[] hiddenStates) {
    return new Conditioning(Map.of(), Map.of("encoder_hidden_states", hiddenStates), new float[0]);
  }
}
