package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.DirectEngine;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.RenderRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graph whose bits differ if a row runs alone: a mean over middle dimensions. */
class PaddedRenderTest {
  private static final String[] SCHEDULERS = {"ddim", "euler_a", "heun"};

  private static String request(int i) {
    return """
        {"id": "padded-%d", "kind": "generate", "model": "tiny", "seed": %d, "width": 8,
         "height": 8, "scheduler": {"_class_name": "%s"}, "num_inference_steps": %d}
        """
        .formatted(i, i, SCHEDULERS[i % SCHEDULERS.length], 2 + i);
  }

  @Test
  void singleRowsArePaddedAndGiveTheSamePictures(@TempDir Path folder) throws Exception {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, TinyPackage.boundedByItsMeanOver(1, 2));
    List<int[]> calls = new ArrayList<>();
    try (DirectEngine directEngine =
        new DirectEngine(
            8, (model, call) -> calls.add(new int[] {call.rows(), call.padding()}), tiny)) {
      List<RenderRequest> requests = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        requests.add(directEngine.request(request(i)));
      }
      List<StageOutcome> together = directEngine.render(requests);
      assertThat(calls).anySatisfy(call -> assertThat(call).containsExactly(7, 0));
      assertThat(calls).allSatisfy(call -> assertThat(call[0] + call[1]).isGreaterThan(1));
      for (int i = 0; i < requests.size(); i++) {
        calls.clear();
        float[] alone = directEngine.render(requests.get(i)).get(0).pixels().values();
        assertThat(calls).allSatisfy(call -> assertThat(call).containsExactly(1, 1));
        StageOutcome.Done withOthers = (StageOutcome.Done) together.get(i);
        assertThat(withOthers.pictures().get(0).pixels().values())
            .as("request %s", i)
            .isEqualTo(alone);
      }
    }
  }
}
