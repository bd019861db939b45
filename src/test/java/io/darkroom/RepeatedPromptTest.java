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

  private static DirectEngine directEngine(Lanes lanes) throws Exception {
    EngineLimits limits = new EngineLimits(PICTURES, Duration.ofSeconds(30));
    return new DirectEngine(System::nanoTime, limits, EngineObserver.NONE, lanes, SD_MINI);
  }

  private static RenderRequest request(DirectEngine directEngine, int seed) {
    return directEngine.request(
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
    try (DirectEngine directEngine = directEngine(Lanes.ONE)) {
      float[] first = pixels(directEngine.render(List.of(request(directEngine, 1))).get(0));
      assertThat(directEngine.snapshot().texts().encoded()).isEqualTo(2);
      assertThat(directEngine.snapshot().texts().reused()).isZero();
      assertThat(pixels(directEngine.render(List.of(request(directEngine, 1))).get(0)))
          .isEqualTo(first);
      assertThat(directEngine.snapshot().texts().encoded()).isEqualTo(2);
      assertThat(directEngine.snapshot().texts().reused()).isEqualTo(2);
      assertThat(directEngine.snapshot().texts().bytes()).isEqualTo(2 * 77 * 32 * Float.BYTES);
    }
  }

  @Test
  void picturesDecodedTogetherEqualPicturesDecodedAlone() throws Exception {
    List<float[]> alone = new ArrayList<>();
    try (DirectEngine directEngine = directEngine(Lanes.ONE)) {
      for (int seed = 0; seed < PICTURES; seed++) {
        alone.add(pixels(directEngine.render(List.of(request(directEngine, seed))).get(0)));
      }
    }
    try (Lanes lanes = Lanes.of(3);
        DirectEngine directEngine = directEngine(lanes)) {
      List<RenderRequest> requests = new ArrayList<>();
      for (int seed = 0; seed < PICTURES; seed++) {
        requests.add(request(directEngine, seed));
      }
      List<StageOutcome> together = directEngine.render(requests);
      for (int seed = 0; seed < PICTURES; seed++) {
        assertThat(pixels(together.get(seed))).isEqualTo(alone.get(seed));
      }
    }
  }
}
