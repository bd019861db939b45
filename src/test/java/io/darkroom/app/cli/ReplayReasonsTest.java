package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The causes of differences are named, and other requests stay equal. Four requests were rendered:
 * numbers and a picture of one package, and two enlargements of stored pictures by another one.
 */
class ReplayReasonsTest {
  private static final String ZERO = "0".repeat(64);
  private static final Object[] BOTH = {"--models", ProofBench.EMOJI + "," + ProofBench.ENLARGE};

  @TempDir static Path shared;
  private static Path renders;

  private final Properties before = (Properties) System.getProperties().clone();
  private final ProofBench bench = new ProofBench();
  @TempDir Path folder;

  @BeforeAll
  static void render() throws IOException {
    renders = shared.resolve("renders");
    picture(renders.resolve("inputs/first.png"), 90);
    picture(renders.resolve("inputs/second.png"), 160);
    new ProofBench()
        .render(
            renders,
            shared,
            BOTH,
            emoji("numbers", "{\"format\": \"npy\"}"),
            emoji("picture", "{}"),
            enlarged("first"),
            enlarged("second"));
  }

  @AfterEach
  void restoreProperties() {
    System.setProperties(before);
  }

  private static String emoji(String id, String output) {
    return """
    {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": 3,
     "num_inference_steps": 2, "output": %s}
    """
        .formatted(id, output);
  }

  private static String enlarged(String id) {
    return """
    {"id": "%s", "kind": "upscale", "model": "emoji-sr4", "seed": 3, "num_inference_steps": 1,
     "image": {"uri": "s3://inputs/%s.png"}}
    """
        .formatted(id, id);
  }

  private static void picture(Path file, int grey) throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 8; i++) {
      image.setRGB(i, i, grey << 16 | grey << 8 | i * 20);
    }
    Files.createDirectories(file.resolveSibling("."));
    ImageIO.write(image, "png", file.toFile());
  }

  private int replay(Object[] models, Path store, Object... options) {
    return bench.run(
        "replay",
        models,
        "--store",
        store,
        "--manifests",
        "s3://pictures/",
        "-o",
        folder.resolve("again"),
        "--report",
        folder.resolve("report.json"),
        options);
  }

  private Map<String, String> verdicts() throws IOException {
    return ProofBench.verdicts(folder.resolve("report.json"));
  }

  private List<String> reasons(String id) throws IOException {
    for (JsonNode each : ProofBench.json(folder.resolve("report.json")).path("requests")) {
      if (each.path("request_id").asText().equals(id)) {
        return each.path("reasons").valueStream().map(JsonNode::asText).toList();
      }
    }
    throw new AssertionError("not in the report: " + id);
  }

  /** Returns the places of both packages, of which emoji-32 is a copy that can be changed. */
  private Object[] withCopy() throws IOException {
    Path copy = ProofBench.copy(ProofBench.EMOJI, folder.resolve("changed/emoji-32"));
    return new Object[] {"--models", copy + "," + ProofBench.ENLARGE};
  }

  @Test
  void oneBitOfOneWeightIsNamedAndOtherPackagesStayEqual() throws IOException {
    Object[] models = withCopy();
    Path network = folder.resolve("changed/emoji-32/unet/model.onnx");
    byte[] bytes = Files.readAllBytes(network);
    bytes[weight(bytes)] ^= 2;
    Files.write(network, bytes);

    assertThat(replay(models, renders)).as(bench.all()).isEqualTo(1);

    assertThat(verdicts()).containsEntry("numbers", "different");
    assertThat(reasons("numbers"))
        .anyMatch(line -> line.startsWith("/stages/0/fingerprint/components/unet: was "))
        .noneMatch(line -> line.contains("/scheduler"));
    assertThat(reasons("picture"))
        .anyMatch(line -> line.startsWith("/stages/0/fingerprint/components/unet: was "));
    assertThat(verdicts())
        .containsEntry("first", "equal_files")
        .containsEntry("second", "equal_files");
    assertThat(reasons("first")).isEmpty();
  }

  /**
   * Returns the place of the highest byte of a weight: the first one from the middle of the file at
   * which 64 numbers of common size follow each other.
   */
  private static int weight(byte[] file) {
    for (int at = file.length / 2; ; at++) {
      int common = 0;
      while (common < 64 && (file[at + 4 * common] & 0x7c) == 0x3c) {
        common++;
      }
      if (common == 64) {
        return at;
      }
    }
  }

  @Test
  void anotherDefaultOfASchedulerIsNamedAndOtherPackagesStayEqual() throws IOException {
    Object[] models = withCopy();
    Path scheduler = folder.resolve("changed/emoji-32/scheduler/scheduler_config.json");
    Files.writeString(
        scheduler, Files.readString(scheduler).replace("squaredcos_cap_v2", "linear"));

    assertThat(replay(models, renders)).as(bench.all()).isEqualTo(1);

    assertThat(verdicts())
        .containsOnly(
            Map.entry("numbers", "different"),
            Map.entry("picture", "different"),
            Map.entry("first", "equal_files"),
            Map.entry("second", "equal_files"));
    for (String id : List.of("numbers", "picture")) {
      assertThat(reasons(id))
          .anyMatch(line -> line.startsWith("/stages/0/fingerprint/components/scheduler: was "))
          .anyMatch(line -> line.startsWith("/stages/0/fingerprint/scheduler_sha256: was "))
          .noneMatch(line -> line.contains("/components/unet"));
    }
  }

  @Test
  void anotherThreadCountIsNamedAndEqualPixelsAreStillReproduced() throws IOException {
    int status = replay(BOTH, renders, "--threads", 2);

    assertThat(verdicts().keySet()).hasSize(4);
    for (String id : verdicts().keySet()) {
      assertThat(reasons(id)).contains("/stages/0/fingerprint/threads: was 1, is 2");
      Path again = again(id);
      boolean equal = digest(renders.resolve("pictures/" + id)).equals(digest(again));
      assertThat(verdicts().get(id)).isIn(equal ? EQUAL : List.of("different"));
    }
    assertThat(status).isEqualTo(verdicts().containsValue("different") ? 1 : 0);
  }

  private static final List<String> EQUAL = List.of("equal_files", "equal_pixels");

  private Path again(String id) throws IOException {
    try (var files = Files.walk(folder.resolve("again"))) {
      return files.filter(file -> file.endsWith(id)).findFirst().orElseThrow();
    }
  }

  private static String digest(Path render) throws IOException {
    return ProofBench.json(render.resolve("manifest.json")).at("/outputs/0/pixels_sha256").asText();
  }

  @Test
  void everyFieldOfAFingerprintIsNamedWhereResultsDiffer() throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("onnxruntime_version", "1.0.0");
    fields.put("execution_provider", "cuda");
    fields.put("device", "another");
    fields.put("precision", "float16");
    fields.put("graph_optimization_level", "basic");
    fields.put("rows_per_call", "3-3");
    fields.put("worker_version", "0.0.1");
    fields.put("determinism_tier", "repeatable");
    fields.put("threads", 64);
    Path store = folder.resolve("store");
    Path original = renders.resolve("pictures/picture/manifest.json");
    JsonNode fingerprint = ProofBench.json(original).at("/stages/0/fingerprint");
    assertThat(fields.keySet()).allMatch(fingerprint::has);
    fields.forEach((field, value) -> edited(original, store, field, value));
    ProofBench.change(
        original,
        store.resolve("pictures/provider-options/manifest.json"),
        tree -> {
          unequal(tree);
          tree.put("request_id", "provider-options");
          options(tree).put("session.another", "1");
        });
    ProofBench.change(
        original,
        store.resolve("pictures/address/manifest.json"),
        tree -> {
          unequal(tree).put("uri", "s3://pictures/../address");
          tree.put("request_id", "address");
        });
    Files.copy(
        original, Files.createDirectories(store.resolve("pictures/same")).resolve("manifest.json"));

    assertThat(replay(BOTH, store)).as(bench.all()).isEqualTo(1);

    fields.put("provider_options", "");
    for (String field : fields.keySet()) {
      assertThat(verdicts()).containsEntry(field.replace('_', '-'), "different");
      assertThat(reasons(field.replace('_', '-')))
          .hasSize(1)
          .allMatch(line -> line.startsWith("/stages/0/fingerprint/" + field));
    }
    assertThat(verdicts())
        .containsEntry("picture", "equal_files")
        .containsEntry("address", "not_replayable");
    assertThat(bench.out()).contains("key: must not have empty, . or .. segments");
  }

  /** Writes a manifest of a render with another fingerprint and other pixels. */
  private static void edited(Path original, Path store, String field, Object value) {
    String id = field.replace('_', '-');
    try {
      ProofBench.change(
          original,
          store.resolve("pictures/" + id + "/manifest.json"),
          tree -> {
            unequal(tree);
            tree.put("request_id", id);
            ((ObjectNode) tree.at("/stages/0/fingerprint")).putPOJO(field, value);
          });
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static ObjectNode options(ObjectNode tree) {
    return ((ObjectNode) tree.at("/stages/0/fingerprint")).withObject("/provider_options");
  }

  /** Changes the recorded digests of the first output; returns the output. */
  private static ObjectNode unequal(ObjectNode tree) {
    ObjectNode output = (ObjectNode) tree.at("/outputs/0");
    return output.put("sha256", ZERO).put("pixels_sha256", ZERO);
  }

  @Test
  void aTierThatPermitsDifferencesIsWithinTheTier() throws IOException {
    Path store = folder.resolve("store");
    // A measurement at each start would choose the rows per call, which are in the fingerprint.
    System.setProperty("darkroom.engine.profile", "0s");
    Object[] fast = {"--models", ProofBench.EMOJI, "--tier", "fast"};
    bench.render(store, folder, fast, emoji("fast", "{}"), emoji("other", "{}"));
    Path manifest = store.resolve("pictures/fast/manifest.json");
    ProofBench.change(manifest, manifest, ReplayReasonsTest::unequal);

    assertThat(replay(fast, store)).as(bench.all()).isZero();

    assertThat(verdicts()).containsEntry("fast", "within_tier");
    assertThat(verdicts().get("other")).isNotIn("different", "not_replayable");
    assertThat(reasons("fast")).isEmpty();
    assertThat(bench.out()).contains("fast: within tier");
  }

  @Test
  void inputsThatAreGoneOrChangedAndModelsThatAreNotHereAreNamed() throws IOException {
    Path store = ProofBench.copy(renders, folder.resolve("store"));
    Files.delete(store.resolve("inputs/first.png"));
    picture(store.resolve("inputs/second.png"), 30);

    assertThat(replay(BOTH, store)).as(bench.all()).isEqualTo(3);
    assertThat(bench.out())
        .contains("first: not replayable\n  input: /image: there is no s3://inputs/first.png\n")
        .containsPattern(
            "second: not replayable\n  input: /image: its sha256 must be [0-9a-f]{64}, is ")
        .containsPattern("equal files +\\| +2 ");

    assertThat(replay(new Object[] {"--models", ProofBench.EMOJI}, renders)).isEqualTo(3);
    assertThat(bench.out())
        .contains("first: not replayable\n  model: this worker does not serve the model\n")
        .contains("second: not replayable\n  model: this worker does not serve the model\n")
        .contains("  /model: must be one of emoji-32, is emoji-sr4\n")
        .containsPattern("equal files +\\| +2 ");
  }
}
