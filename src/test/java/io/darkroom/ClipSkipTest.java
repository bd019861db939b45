package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.image.Npy;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Tier;
import io.darkroom.job.Violation;
import io.darkroom.model.DeviceCost;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Limits;
import io.darkroom.plan.PlanDigest;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hidden states of earlier layers, on an encoder of two layers. */
class ClipSkipTest {
  private static final Path SDXL = GoldenPackages.folder("sdxl-mini");
  private static final Path SD = GoldenPackages.folder("sd-mini");
  private static final Path STATES = Path.of("src/test/resources/pipelines/clip-skip");
  private static final int TOKENS = 77;
  private static final int EVERY = 7;
  private static final float TOLERANCE = 1e-5f;
  private static final Planner PLANNER = new Planner(new Limits(1 << 24, 1000, 64, Long.MAX_VALUE));

  @Test
  void aSkippedLayerIsTheHiddenStateOfItsNumber() throws Exception {
    try (OrtNetworks networks =
        OrtNetworks.load(PackageReader.read(SDXL), new NetworkSettings(1, 2, Tier.EXACT))) {
      for (String component : List.of("text_encoder", "text_encoder_2")) {
        Tokenizer.Tokens text = networks.tokenizers().get(component).encode("a fox", 77);
        TextEncoder encoder = networks.textEncoders().get(component);
        for (int skip = 0; skip <= 1; skip++) {
          String output = "hidden_states." + (1 - skip);
          assertThat(encoder.encode(List.of(text), skip).get(0).output(output))
              .isEqualTo(state(SDXL.resolve(component), text.ids(), output));
        }
      }
    }
  }

  private static float[] state(Path encoder, long[] ids, String output) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(encoder.resolve("model.onnx").toString());
        OnnxTensor input = OnnxTensor.createTensor(environment, new long[][] {ids});
        OrtSession.Result result = session.run(Map.of("input_ids", input))) {
      OnnxTensor states = (OnnxTensor) result.get(output).orElseThrow();
      float[] values = new float[states.getFloatBuffer().remaining()];
      states.getFloatBuffer().get(values);
      return values;
    }
  }

  /** The states and their tokens are those of the script that made the numbers. */
  @ParameterizedTest
  @ValueSource(strings = {"sd-mini", "lcm-mini"})
  void anEarlierStateIsThatOfDiffusersAfterTheFinalLayerNorm(String model) throws Exception {
    float[] expected =
        Npy.read(Files.readAllBytes(STATES.resolve(model + ".npy")), 1 << 16).floats();
    Path folder = GoldenPackages.folder(model);
    try (OrtNetworks networks =
        OrtNetworks.load(PackageReader.read(folder), new NetworkSettings(1, 2, Tier.EXACT))) {
      long[] ids = LongStream.range(0, TOKENS).map(i -> i * EVERY % 1000).toArray();
      Tokenizer.Tokens text = new Tokenizer.Tokens(ids, ids.length, Optional.empty());
      TextEncoder encoder = networks.textEncoders().get("text_encoder");
      float[] first = encoder.encode(List.of(text)).get(0).output("last_hidden_state");
      FloatBuffer states = FloatBuffer.allocate(expected.length);
      for (int skip = 0; skip <= 2; skip++) {
        String output = "last_hidden_state" + (skip == 0 ? "" : "." + skip);
        putTokens(states, encoder.encode(List.of(text), skip).get(0).output(output));
      }

      assertThat(states.hasRemaining()).isFalse();
      assertThat(states.array()).containsExactly(expected, Offset.offset(TOLERANCE));
      assertThat(encoder.encode(List.of(text)).get(0).output("last_hidden_state"))
          .as("a text that skips no layers, on the network with further outputs")
          .isEqualTo(first)
          .isEqualTo(state(folder.resolve("text_encoder"), ids, "last_hidden_state"));
    }
  }

  /** Puts every seventh token. */
  private static void putTokens(FloatBuffer states, float[] values) {
    int width = values.length / TOKENS;
    for (int token = 0; token < TOKENS; token += EVERY) {
      states.put(values, token * width, width);
    }
  }

  @ParameterizedTest
  @CsvSource({"sdxl-mini, 2", "sd3-mini, 2", "sd-mini, 1"})
  void onlyThePromptSkipsLayers(String model, int encoders) throws Exception {
    try (DirectEngine directEngine =
        new DirectEngine(2, EngineObserver.NONE, GoldenPackages.folder(model))) {
      float[] plain = sample(directEngine, model, "");
      assertThat(sample(directEngine, model, ", \"clip_skip\": 0")).isEqualTo(plain);
      long before = directEngine.snapshot().texts().encoded();
      assertThat(sample(directEngine, model, ", \"clip_skip\": 1")).isNotEqualTo(plain);
      assertThat(directEngine.snapshot().texts().encoded())
          .as("the states of the negative prompt and of T5 are those of before")
          .isEqualTo(before + encoders);
      assertThat(sample(directEngine, model, "")).isEqualTo(plain);
    }
  }

  private static float[] sample(DirectEngine directEngine, String model, String more) {
    return directEngine.render(request(directEngine, model, more)).get(0).sample().values();
  }

  private static RenderRequest request(DirectEngine directEngine, String model, String more) {
    return directEngine.request(
        """
        {"id": "skip", "kind": "generate", "model": "%s", "prompt": "a fox", "seed": 1,
         "negative_prompt": "blurry", "width": 32, "height": 32, "num_inference_steps": 2%s}
        """
            .formatted(model, more));
  }

  @Test
  void theDigestOfThePlanChangesOnlyWithSkippedLayers() throws Exception {
    try (DirectEngine directEngine = new DirectEngine(1, EngineObserver.NONE)) {
      String plain = digest(directEngine, "");
      assertThat(digest(directEngine, ", \"clip_skip\": 0")).isEqualTo(plain);
      assertThat(digest(directEngine, ", \"clip_skip\": 1")).isNotEqualTo(plain);
      assertThat(
              plan(directEngine, ", \"clip_skip\": 1")
                  .effective()
                  .stages()
                  .get(0)
                  .arguments()
                  .values())
          .containsEntry("clip_skip", 1);
    }
  }

  private static String digest(DirectEngine directEngine, String more) throws Exception {
    return PlanDigest.of(plan(directEngine, more).first());
  }

  private static RenderPlan plan(DirectEngine directEngine, String more) throws Exception {
    return PLANNER
        .draft(request(directEngine, "sdxl-mini", more), PackageReader.read(SDXL).card())
        .complete(Map.of(), DeviceCost.NONE);
  }

  @Test
  void layersThatAModelCannotSkipAreViolations() throws Exception {
    assertThat(violations(SDXL, 2))
        .containsExactly(new Violation("/clip_skip", "must be 0 to 1 for sdxl-mini, is 2"));
    assertThat(violations(SD, 3))
        .containsExactly(new Violation("/clip_skip", "must be 0 to 2 for sd-mini, is 3"));
    assertThat(violations(GoldenPackages.folder("class-mini"), 1))
        .contains(new Violation("/clip_skip", "must be left out: class-mini has no such input"));
  }

  @Test
  void layersThatAreNotRecognisedCannotBeSkipped(@TempDir Path root) throws Exception {
    Path other = DerivedPackages.copy(SD, root.resolve("other"));
    Path config = other.resolve("text_encoder/config.json");
    Files.writeString(
        config,
        Files.readString(config).replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));

    assertThat(violations(other, 1))
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.message())
                    .startsWith("must be left out: layers of a CLIP encoder")
                    .contains("text_encoder/model.onnx of other", "hidden_states.0"));
  }

  private static List<Violation> violations(Path folder, int skip) throws Exception {
    try (DirectEngine directEngine = new DirectEngine(1, EngineObserver.NONE)) {
      RenderRequest request =
          request(directEngine, folder.getFileName().toString(), ", \"clip_skip\": " + skip);
      InvalidPlan invalid =
          catchThrowableOfType(
              InvalidPlan.class, () -> PLANNER.draft(request, PackageReader.read(folder).card()));
      return invalid.violations();
    }
  }
}
