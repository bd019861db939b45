package io.darkroom.app.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.json.MessageHeaders;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.RequestCost;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import io.darkroom.onnx.PackageReader;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/**
 * The starter packages: 2 ms for a row of emoji-32, 5 ms for one of emoji-sr4, emoji-64 not
 * measured.
 */
class RequestCostsTest {
  private static final Limits LIMITS =
      new Limits(1 << 22, 1000, 64, 20_000_000_000L, 900, Long.MAX_VALUE);

  private final Map<String, Double> times =
      new HashMap<>(Map.of("emoji-32", 2.0, "emoji-sr4", 5.0));
  private final RequestCosts costs =
      new RequestCosts(
          new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES),
          new Planner(LIMITS),
          Map.of(
              "emoji-32",
              card("emoji-32"),
              "emoji-64",
              card("emoji-64"),
              "emoji-sr4",
              card("emoji-sr4")),
          this::millis);

  private OptionalDouble millis(String model) {
    Double millis = times.get(model);
    return millis == null ? OptionalDouble.empty() : OptionalDouble.of(millis);
  }

  @Test
  void stepsImagesAndGuidanceMultiply() {
    assertCost(
        "emoji-32", 10 * 2e-3, "emoji-32", "\"num_inference_steps\":10,\"guidance_scale\":1");
    assertCost(
        "emoji-32",
        3 * 10 * 2 * 2e-3,
        "emoji-32",
        "\"num_inference_steps\":10,\"num_images\":3,\"guidance_scale\":4,\"class_label\":\"ball\"");
  }

  @Test
  void aSamplerWithTwoEvaluationsPerStepCostsTwice() {
    assertCost(
        "emoji-32",
        19 * 2e-3,
        "emoji-32",
        "\"num_inference_steps\":10,\"guidance_scale\":1,\"scheduler\":{\"_class_name\":\"heun\"}");
  }

  @Test
  void anEnlargementCountsAsOneOfThePackagesOwnSize() {
    String upscale =
        "{\"id\":\"a\",\"kind\":\"upscale\",\"model\":\"emoji-sr4\",\"num_inference_steps\":4,"
            + "\"image\":{\"uri\":\"s3://darkroom/k.png\"}}";
    RequestCost cost = of(upscale);
    assertThat(cost.model()).isEqualTo("emoji-sr4");
    assertThat(cost.deviceSeconds().orElseThrow()).isCloseTo(4 * 5e-3, within(1e-12));
  }

  @Test
  void everyStageCostsTheTimeOfItsOwnModel() {
    // 128 x 128 pixels are four times those of emoji-sr4's own sample.
    assertCost(
        "emoji-32",
        10 * 2e-3 + 4 * 4 * 5e-3,
        "emoji-32",
        "\"num_inference_steps\":10,\"guidance_scale\":1,\"then\":[{\"kind\":\"upscale\","
            + "\"model\":\"emoji-sr4\",\"num_inference_steps\":4}]");
  }

  @Test
  void untimedPackagesAndAbsentModelsHaveNoCost() {
    assertThat(of(generate("emoji-64", "\"prompt\":\"a ball\"")).deviceSeconds()).isEmpty();
    RequestCost stranger = of(generate("anything-else", "\"prompt\":\"a ball\""));
    assertThat(stranger.model()).isEqualTo("unknown");
    assertThat(stranger.deviceSeconds()).isEmpty();
  }

  @Test
  void aTimeMayBecomeKnownAfterTheRequestWasRead() {
    RequestCost waiting =
        of(
            generate(
                "emoji-64",
                "\"prompt\":\"a ball\",\"num_inference_steps\":3,\"guidance_scale\":1"));
    assertThat(waiting.deviceSeconds()).isEmpty();

    times.put("emoji-64", 500.0);
    assertThat(waiting.deviceSeconds()).hasValue(1.5);
  }

  @Test
  void aRequestThatAWorkerRejectsHasNoCost() {
    assertThat(of("no JSON").deviceSeconds()).hasValue(0);
    assertThat(of(generate("emoji-32", "\"width\":7")).deviceSeconds()).hasValue(0);
    assertThat(of(generate("emoji-32", "\"num_inference_steps\":0")).deviceSeconds()).hasValue(0);
  }

  private void assertCost(String label, double seconds, String model, String more) {
    RequestCost cost = of(generate(model, more));
    assertThat(cost.model()).isEqualTo(label);
    assertThat(cost.deviceSeconds().orElseThrow()).isCloseTo(seconds, within(1e-12));
  }

  private RequestCost of(String request) {
    return costs.of(request.getBytes(StandardCharsets.UTF_8), MessageHeaders.of(""));
  }

  private static String generate(String model, String more) {
    return "{\"id\":\"a\",\"kind\":\"generate\",\"model\":\"%s\",%s}".formatted(model, more);
  }

  private static ModelCard card(String name) {
    try {
      return PackageReader.read(Path.of("src/main/models", name)).card();
    } catch (BrokenPackage broken) {
      throw new AssertionError(broken);
    }
  }
}
