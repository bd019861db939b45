package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.onnx.PackageReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests SDXL's refiner, and requests as for SDXL-Turbo, on packages of SDXL's layout. */
class SdxlVariantsTest {
  private static final Path SDXL = GoldenPackages.folder("sdxl-mini");

  @TempDir Path folder;

  @Test
  void theRefinerContinuesTheLatentsOfTheBase() throws Exception {
    Path refiner = DerivedPackages.refiner(folder.resolve("refiner"));
    assertThat(PackageReader.read(refiner).card().conditions().toString())
        .contains("scored=true", "text_encoder_2")
        .doesNotContain("encoder=text_encoder,");
    try (DirectEngine directEngine = new DirectEngine(2, EngineObserver.NONE, SDXL, refiner)) {
      float[] refined = refined(directEngine, 6);
      assertThat(refined)
          .isNotEqualTo(refined(directEngine, 2))
          .isEqualTo(refined(directEngine, 6));
      for (float each : refined) {
        assertThat(each).isFinite();
      }
      float[] base = render(directEngine, base(", \"denoising_end\": 0.5"));
      assertThat(refined).isNotEqualTo(base).hasSameSizeAs(base);
    }
  }

  private static float[] refined(DirectEngine directEngine, double score) {
    String stage =
        """
        , "denoising_end": 0.5, "then": [{"kind": "generate", "model": "refiner",
          "prompt": "a fox", "negative_prompt": "blurry", "guidance_scale": 5,
          "num_inference_steps": 4, "denoising_start": 0.5, "aesthetic_score": %s}]
        """;
    return render(directEngine, base(stage.formatted(score)));
  }

  private static String base(String more) {
    return """
    {"id": "s", "kind": "generate", "model": "sdxl-mini", "prompt": "a fox", "seed": 3,
     "negative_prompt": "blurry", "width": 32, "height": 32, "num_inference_steps": 4%s}
    """
        .formatted(more);
  }

  private static float[] render(DirectEngine directEngine, String request) {
    return directEngine.render(directEngine.request(request)).get(0).sample().values();
  }

  /** One step from pure noise without guidance: {@code x0 = x - sigma * epsilon}, then decoded. */
  @Test
  void turboRequestsTakeOneEvaluationOfOneRow() throws Exception {
    String request =
        """
        {"id": "t", "kind": "generate", "model": "sdxl-mini", "prompt": "a fox", "seed": 3,
         "width": 32, "height": 32, "num_inference_steps": 1, "guidance_scale": 0,
         "scheduler": {"_class_name": "%s", "timestep_spacing": "trailing"}}
        """;
    List<Integer> rows = new ArrayList<>();
    EngineObserver count = (model, call) -> rows.add(call.rows());
    try (DirectEngine directEngine = new DirectEngine(2, count, SDXL)) {
      rows.clear();
      StageOutcome.Picture turbo =
          directEngine.render(directEngine.request(request.formatted("euler_a"))).get(0);
      assertThat(rows).containsExactly(1);
      assertThat(turbo.sample().values())
          .as("the last step adds no noise, so it equals Euler's")
          .isEqualTo(render(directEngine, request.formatted("euler")));
      assertThat(turbo.pixels().values()).hasSize(3 * 32 * 32);
    }
  }
}
