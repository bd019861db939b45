package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineObserver;
import io.darkroom.image.Pixels;
import io.darkroom.onnx.FilmPackage;
import io.darkroom.plan.Stage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The preview of a film is its middle frame. */
class FilmLookTest {
  private static final int PLANE = 8 * 8;

  @Test
  void theMiddleFrameIsShown(@TempDir Path folder) throws Exception {
    try (DirectEngine engine =
        new DirectEngine(2, EngineObserver.NONE, FilmPackage.write(folder.resolve("films")))) {
      Stage stage =
          engine.stage(
              engine.request("{\"id\": \"film\", \"kind\": \"generate\", \"model\": \"films\"}"));
      float[] sample = new float[3 * 4 * PLANE];
      for (int i = 0; i < sample.length; i++) {
        // Frames 0 to 3 of a channel are dark; the one in the middle has its channel's level.
        boolean middle = i / PLANE % 4 == 2;
        sample[i] = middle ? i / (4 * PLANE) - 1 : -1;
      }
      PreviewLook.OfFilm look = PreviewLook.OfFilm.of(stage).orElseThrow();
      float[] small = new float[look.smallSize()];
      look.shrink(sample, small);
      Pixels shown = look.pixels(small);
      assertThat(shown.width()).isEqualTo(8);
      assertThat(shown.height()).isEqualTo(8);
      for (int i = 0; i < PLANE; i++) {
        assertThat(shown.sample(i % 8, i / 8, 0)).isEqualTo(0);
        assertThat(shown.sample(i % 8, i / 8, 1)).isEqualTo(128);
        assertThat(shown.sample(i % 8, i / 8, 2)).isEqualTo(255);
      }
    }
  }
}
