package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.Npy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole pipelines give the numbers that diffusers gives, within the stated tolerances. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineGoldenTest {
  private static final Path PIPELINES = Path.of("src/test/resources/pipelines");
  private static final ObjectMapper JSON = new ObjectMapper();
  private Studio studio;

  @BeforeAll
  void open() throws Exception {
    studio = new Studio(4, EngineObserver.NONE, PIPELINES.resolve("packages/sd-mini"));
  }

  @AfterAll
  void close() {
    studio.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sd-02-ddim-negative", "sd-04-euler-nocfg", "sd-09-heun"})
  void textToImageGivesTheReferencesNumbers(String id) throws Exception {
    Path golden = PIPELINES.resolve("goldens").resolve(id);
    JsonNode given = JSON.readTree(golden.resolve("request.json").toFile());
    StageOutcome.Picture picture = studio.render(studio.request(request(given))).get(0);
    JsonNode tolerance = given.path("expected").path("tolerance");
    assertThat(worst(picture.sample().values(), floats(golden.resolve("latents.npy"))))
        .as("latents")
        .isLessThanOrEqualTo(tolerance.path("latents_abs").asDouble());
    float[] image = floats(golden.resolve("image.npy"));
    assertThat(worst(unit(picture.pixels().values()), planar(image)))
        .as("image")
        .isLessThanOrEqualTo(tolerance.path("image_abs").asDouble());
  }

  private static String request(JsonNode given) {
    ObjectNode request = JSON.createObjectNode();
    request.put("id", given.path("id").asText());
    request.put("kind", "generate");
    request.put("model", given.path("package").asText());
    request.set("prompt", given.get("prompt"));
    if (given.has("negative_prompt")) {
      request.set("negative_prompt", given.get("negative_prompt"));
    }
    request.set("guidance_scale", given.get("guidance_scale"));
    request.set("num_inference_steps", given.get("steps"));
    request.set("seed", given.get("seed"));
    request.set("width", given.get("width"));
    request.set("height", given.get("height"));
    ObjectNode scheduler = request.putObject("scheduler");
    scheduler.set("_class_name", given.path("scheduler").get("class"));
    given
        .path("scheduler")
        .path("config")
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isNull()) {
                scheduler.set(entry.getKey(), entry.getValue());
              }
            });
    return request.toString();
  }

  private static float[] floats(Path file) throws Exception {
    return Npy.read(Files.readAllBytes(file), 1 << 20).floats();
  }

  /** From [-1, 1] to [0, 1]. */
  private static float[] unit(float[] values) {
    float[] unit = new float[values.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = Math.min(1, Math.max(0, values[i] / 2 + 0.5f));
    }
    return unit;
  }

  /** From {@code [H, W, 3]} to {@code [3, H, W]}. */
  private static float[] planar(float[] interleaved) {
    int pixels = interleaved.length / 3;
    float[] planar = new float[interleaved.length];
    for (int i = 0; i < interleaved.length; i++) {
      planar[i % 3 * pixels + i / 3] = interleaved[i];
    }
    return planar;
  }

  private static double worst(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
    }
    return worst;
  }
}
