package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.DirectEngine;
import io.darkroom.GoldenPackages;
import io.darkroom.engine.EngineObserver;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.plan.Stage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that requests set the jumps of RePaint's resampling. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RePaintRequestTest {
  private static final String MODEL = "class-mini";
  private static final int SIDE = 32;

  private DirectEngine engine;

  @BeforeAll
  void open() throws Exception {
    engine = new DirectEngine(1, EngineObserver.NONE, GoldenPackages.folder(MODEL));
  }

  @AfterAll
  void close() {
    engine.close();
  }

  @ParameterizedTest
  @CsvSource({"repaint-10-j2n2-eta1, 10, 2, 2", "repaint-25-j5n3, 25, 5, 3"})
  void theTimestepsAreThoseOfDiffusers(String golden, int steps, int length, int samples) {
    Stage stage =
        stage(steps, ", \"jump_length\": %d, \"jump_n_sample\": %d".formatted(length, samples));

    List<Double> timesteps = new ArrayList<>();
    for (int k = 0; k < stage.sampler().evaluations(); k++) {
      timesteps.add(stage.sampler().timestep(k));
    }
    assertThat(timesteps)
        .isEqualTo(
            GoldenCase.all().stream()
                .filter(each -> each.id().equals(golden))
                .findFirst()
                .orElseThrow()
                .networkTimesteps());
  }

  @Test
  void theDefaultsAreThoseOfDiffusersAndInTheEffectiveRequest() {
    Stage stage = stage(11, "");

    assertThat(stage.sampler().evaluations())
        .isEqualTo(
            stage(11, ", \"jump_length\": 10, \"jump_n_sample\": 10").sampler().evaluations())
        .isEqualTo(11 + 9 * 10);
    assertThat(stage(11, ", \"jump_n_sample\": 1").sampler().evaluations()).isEqualTo(11);
    assertThat(engine.plan(engine.request(json(11, ""))).effective().stage().sampling().arguments())
        .isEqualTo(Map.of("eta", 0.0, "jump_length", 10, "jump_n_sample", 10));
  }

  @Test
  void theEvaluationsAreLimited() {
    assertThatThrownBy(() -> stage(1000, ", \"jump_length\": 1, \"jump_n_sample\": 1000"))
        .hasMessageContaining("/jump_n_sample")
        .hasMessageContaining("must give at most 10000 evaluations");
  }

  @Test
  void otherSamplersDoNotTakeThem() {
    String euler = json(10, ", \"jump_length\": 2").replace("repaint", "ddim");

    assertThatThrownBy(() -> engine.stage(engine.request(euler)))
        .hasMessageContaining("/jump_length")
        .hasMessageContaining("is not known to DDIMScheduler");
  }

  private Stage stage(int steps, String more) {
    return engine.stage(engine.request(json(steps, more)));
  }

  private static String json(int steps, String more) {
    return """
        {"id": "r", "kind": "generate", "model": "%s", "class_label": "5", "seed": 1,
         "num_inference_steps": %d, "scheduler": {"_class_name": "repaint"},
         "image": %s, "mask_image": %s%s}
        """
        .formatted(MODEL, steps, picture(), picture(), more);
  }

  private static String picture() {
    byte[] file =
        PngWriter.write(new Pixels(SIDE, SIDE, 3, new byte[SIDE * SIDE * 3]), List.of(), 1);
    return "{\"data\": \"" + Base64.getEncoder().encodeToString(file) + "\"}";
  }
}
