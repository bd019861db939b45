package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.ErrorClass;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a request that the network cannot compute fails and does not end workers. */
class RefusedShapeTest {

  private static String request(int side) {
    return """
        {"id": "side-%1$d", "kind": "generate", "model": "tiny", "num_inference_steps": 3,
         "seed": 1, "width": %1$d, "height": %1$d}
        """
        .formatted(side);
  }

  @Test
  void aShapeThatTheGraphRejectsFailsOnlyItsRequest(@TempDir Path folder) throws Exception {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, TinyPackage.plusAPictureOf(8));
    try (DirectEngine directEngine = new DirectEngine(4, EngineObserver.NONE, tiny)) {
      List<StageOutcome.Picture> alone = directEngine.render(directEngine.request(request(8)));
      List<StageOutcome> together =
          directEngine.render(
              List.of(directEngine.request(request(16)), directEngine.request(request(8))));
      assertThat(together.get(0))
          .isInstanceOfSatisfying(
              StageOutcome.Broken.class,
              broken -> {
                assertThat(broken.kind()).isEqualTo(ErrorClass.MODEL);
                assertThat(broken.message())
                    .isEqualTo(
                        "the network refuses its inputs: the operator Reshape does not accept them");
                assertThat(broken.evaluations()).isZero();
              });
      assertThat(((StageOutcome.Done) together.get(1)).pictures().get(0).pixels().values())
          .isEqualTo(alone.get(0).pixels().values());
    }
  }
}
