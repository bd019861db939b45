package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.ModelMemory;
import io.darkroom.job.RenderOutcome;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderedTest {
  /**
   * Room for one request of four images of 32 x 32 with one running image, but not for the pictures
   * of two requests.
   */
  private static final long ONE_REQUEST = (4 + 6) * 3 * 32 * 32 * Float.BYTES;

  @TempDir Path folder;

  @Test
  void aRequestReleasesItsPicturesWhenTheyAreStored() {
    EngineLimits limits =
        new EngineLimits(8, Duration.ofSeconds(30), ModelMemory.UNLIMITED, ONE_REQUEST);
    try (TestWorker darkroom = new TestWorker(folder, limits, "emoji-32")) {
      for (int i = 0; i < 4; i++) {
        // One that waits for room until its deadline fails.
        Settlement settled =
            darkroom.settle(
                "{'id':'held-"
                    + i
                    + "','kind':'generate','model':'emoji-32','class_label':'cat-face','seed':5,"
                    + "'num_images':4,'num_inference_steps':1,'deadline':'2026-11-21T12:01:00Z'}");
        assertThat(settled.outcome()).isInstanceOf(RenderOutcome.Completed.class);
      }
    }
  }
}
