package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encodes the texts of jobs that are about to get their slots. Engine thread only. */
final class TextEncoding {
  /** Texts encoded between two calls of the denoiser, so that the loop is not held up for long. */
  private static final int JOBS_PER_TICK = 4;

  private TextEncoding() {}

  static void encode(List<ActiveJob> jobs, Map<String, Networks> loaded) {
    int encoded = 0;
    for (int i = 0; i < jobs.size() && encoded < JOBS_PER_TICK; i++) {
      ActiveJob job = jobs.get(i);
      if (job.needsTexts()) {
        encode(job, loaded.get(job.stage().model().name()));
        encoded++;
      }
    }
  }

  private static void encode(ActiveJob job, @Nullable Networks networks) {
    Texts texts = job.job().texts().orElseThrow();
    if (networks == null || networks.textEncoder().isEmpty()) {
      job.broken(ErrorClass.MODEL, "model: " + job.stage().model().name() + " has no text encoder");
      return;
    }
    TextEncoder encoder = networks.textEncoder().get();
    try {
      List<float[]> states = encoder.encode(List.of(texts.prompt(), texts.negativePrompt()));
      job.embeddings(
          new ActiveJob.Embeddings(conditioning(states.get(0)), conditioning(states.get(1))));
    } catch (DeviceFailure failure) {
      Setback.end(job, failure);
    }
  }

  private static Conditioning conditioning(float[] hiddenStates) {
    return new Conditioning(Map.of(), Map.of("encoder_hidden_states", hiddenStates), new float[0]);
  }
}
