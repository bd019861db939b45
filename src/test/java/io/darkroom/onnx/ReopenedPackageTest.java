package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.EngineSnapshot;
import io.darkroom.engine.ModelMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests real packages, of which only one fits into memory. */
class ReopenedPackageTest {
  private static final Path SD_MINI = Packages.PIPELINES.resolve("packages/sd-mini");
  private static final int TIMES = 3;
  private static final int WARM = 1;
  private static final String LABEL =
      "{\"id\":\"l\",\"kind\":\"generate\",\"model\":\"emoji-32\",\"class_label\":\"ball\","
          + "\"num_inference_steps\":2,\"seed\":1}";
  private static final String PROMPT =
      "{\"id\":\"p\",\"kind\":\"generate\",\"model\":\"sd-mini\",\"prompt\":\"ball\",\"width\":64,\"height\":64,"
          + "\"num_inference_steps\":2,\"seed\":1}";

  @Test
  void packagesOpenedInTurnGiveTheSameBitsAndLeakNothing() throws Exception {
    EngineLimits limits =
        new EngineLimits(
            4,
            Duration.ofSeconds(30),
            new ModelMemory(OptionalLong.of(1), Set.of(), Duration.ZERO));
    try (DirectEngine directEngine =
        new DirectEngine(
            System::nanoTime,
            limits,
            EngineObserver.NONE,
            Packages.STARTER.resolve("emoji-32"),
            SD_MINI)) {
      float[] label = pixels(directEngine, LABEL);
      float[] prompt = pixels(directEngine, PROMPT);
      long warm = 0;
      for (int i = 0; i < TIMES; i++) {
        warm = i == WARM ? heap() : warm;
        assertThat(pixels(directEngine, LABEL)).isEqualTo(label);
        assertThat(pixels(directEngine, PROMPT)).isEqualTo(prompt);
      }
      EngineSnapshot.Model one = directEngine.snapshot().models().get("sd-mini");
      // At the start, for the first picture, and each time; the other one is closed now.
      assertThat(one.loads()).isEqualTo(2 + TIMES);
      assertThat(directEngine.snapshot().models().get("emoji-32").bytes()).isZero();
      assertThat(heap() - warm).as("growth in bytes").isLessThan(one.bytes());
    }
  }

  private static float[] pixels(DirectEngine directEngine, String request) {
    return directEngine.render(directEngine.request(request)).get(0).pixels().values();
  }

  /** Zero if this machine does not report it. */
  private static long heap() {
    return NativeHeap.bytes().orElse(0);
  }
}
