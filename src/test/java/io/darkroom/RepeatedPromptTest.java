package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.RenderRequest;
import io.darkroom.onnx.Lanes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests text-to-image: cached embeddings, and decoding on several lanes. */
class RepeatedPromptTest {
  private static final Path SD_MINI = Path.of("src/test/resources/pipelines/packages/sd-mini");
  private static final int PICTURES = 5;

  private static Studio studio(Lanes lanes) throws Exception {
    EngineLimits limits = new EngineLimits(PICTURES, Duration.ofSeconds(30));
    return new Studio(System::nanoTime, limits, EngineObserver.NONE, lanes, SD_MINI);
  }

  private static RenderRequest request(Studio studio, int seed) {
    return studio.request(
        """
        {"id": "repeated-%d", "kind": "generate", "model": "sd-mini", "prompt": "a fox",
         "negative_prompt": "blurry", "seed": %d, "width": 32, "height": 32,
         "num_inference_steps": 2}
        """
            .formatted(seed, seed));
  }

  private static float[] pixels(StageOutcome outcome) {
    return ((StageOutcome.Done) outcome).pictures().get(0).pixels().values();
  }

  @Test
  void aRepeatedPromptIsEncodedOnceAndGivesTheSamePicture() throws Exception {
    try (Studio studio = studio(Lanes.ONE)) {
      float[] first = pixels(studio.render(List.of(request(studio, 1))).get(0));
      assertThat(studio.snapshot().texts().encoded()).isEqualTo(2);
      assertThat(studio.snapshot().texts().reused()).isZero();
      assertThat(pixels(studio.render(List.of(request(studio, 1))).get(0))).isEqualTo(first);
      assertThat(studio.snapshot().texts().encoded()).isEqualTo(2);
      assertThat(studio.snapshot().texts().reused()).isEqualTo(2);
      assertThat(studio.snapshot().texts().bytes()).isEqualTo(2 * 77 * 32 * Float.BYTES);
    }
  }

  @Test
  void picturesDecodedTogetherEqualPicturesDecodedAlone() throws Exception {
    List<float[]> alone = new ArrayList<>();
    try (Studio studio = studio(Lanes.ONE)) {
      for (int seed = 0; seed < PICTURES; seed++) {
        alone.add(pixels(studio.render(List.of(request(studio, seed))).get(0)));
      }
    }
    try (Lanes lanes = Lanes.of(3);
        Studio studio = studio(lanes)) {
      List<RenderRequest> requests = new ArrayList<>();
      for (int seed = 0; seed < PICTURES; seed++) {
        requests.add(request(studio, seed));
      }
      List<StageOutcome> together = studio.render(requests);
      for (int seed = 0; seed < PICTURES; seed++) {
        assertThat(pixels(together.get(seed))).isEqualTo(alone.get(seed));
      }
    }
  }
}
