package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.json.Schemas;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans in {@code verify --worker}, and known answers in {@code compare}. */
class PlanAndAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProofBench bench = new ProofBench();
  @TempDir Path folder;
  private Path model;
  private Path renders;
  private Path manifest;

  @BeforeEach
  void render() throws IOException {
    model = ProofBench.copy(ProofBench.EMOJI, folder.resolve("models/emoji-32"));
    renders = folder.resolve("renders");
    manifest = renders.resolve("pictures/a/manifest.json");
    Path request =
        Files.writeString(
            folder.resolve("a.json"),
            """
            {"id": "a", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": 7,
             "num_inference_steps": 2}
            """);
    assertThat(run("render", "--models", model, "-o", renders, request)).as(bench.all()).isZero();
  }

  private int run(Object... arguments) {
    return bench.run(arguments);
  }

  /** Verifies the changed manifest; returns the lines that are printed. */
  private List<String> verify(Consumer<ObjectNode> change) throws IOException {
    ObjectNode tree = (ObjectNode) JSON.readTree(manifest.toFile());
    change.accept(tree);
    Path changed = folder.resolve("changed.json");
    Files.write(changed, JSON.writeValueAsBytes(tree));
    run("verify", "--worker", "--store", renders, "--models", model, changed);
    return bench.out().lines().toList();
  }

  private static ObjectNode fingerprint(ObjectNode manifest) {
    return (ObjectNode) manifest.at("/stages/0/fingerprint");
  }

  @Test
  void anotherPlanIsNamedBeforeEverythingElse() throws IOException {
    assertThat(verify(tree -> {})).anyMatch(line -> line.contains("gives the same pixels"));
    List<String> lines =
        verify(
            tree -> {
              fingerprint(tree).put("plan_sha256", "0".repeat(64));
              fingerprint(tree).put("package_sha256", "0".repeat(64));
            });
    assertThat(lines)
        .anyMatch(line -> line.contains("may give other pixels"))
        .anyMatch(line -> line.contains("package_sha256: was 000000000000..."));
    assertThat(lines.stream().filter(line -> line.contains(": was ")).findFirst().orElseThrow())
        .contains("/stages/0/fingerprint/plan_sha256: was 000000000000..., is ");
  }

  @Test
  void aChangedDefaultIsFoundFromThePictureAlone() throws IOException {
    Path picture = ReplayCommandTest.only(renders.resolve("pictures/a"), ".png");
    Object[] verify = {"verify", "--worker", "--models", model, picture};
    assertThat(run(verify)).as(bench.all()).isZero();

    Path scheduler = model.resolve("scheduler/scheduler_config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(scheduler.toFile());
    config.put("beta_schedule", "linear");
    Files.write(scheduler, JSON.writeValueAsBytes(config));
    assertThat(run(verify)).isEqualTo(1);
    assertThat(bench.out()).contains("/fingerprint/plan_sha256: was ", "scheduler_sha256: was ");
  }

  @Test
  void aRequestThatThisWorkerRefusesIsNamed() throws IOException {
    assertThat(verify(tree -> ((ObjectNode) tree.path("request")).put("width", 33)))
        .anyMatch(line -> line.contains("/request: is refused by this worker"));
  }

  @Test
  void stagesThatAreNotThoseOfTheRequestAreNamed() throws IOException {
    assertThat(
            verify(
                tree -> tree.withArray("stages").add(tree.withArray("stages").get(0).deepCopy())))
        .anyMatch(line -> line.contains("the stages are not those of the request"))
        .anyMatch(line -> line.contains("stages: must be 1 as in the request, is 2"));
  }

  @Test
  void theSecondStageOfTheSameModelIsFoundFromItsPicture() throws IOException {
    Path models = ProofBench.copy(ProofBench.ENLARGE, folder.resolve("sr/emoji-sr4"));
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR), "png", png);
    String json =
        """
        {"id": "twice", "kind": "upscale", "model": "emoji-sr4", "seed": 7, "image": {"data": "%s"},
         "num_inference_steps": 1,
         "then": [{"kind": "upscale", "model": "emoji-sr4", "num_inference_steps": 2}]}
        """;
    Path request =
        Files.writeString(
            folder.resolve("twice.json"),
            json.formatted(Base64.getEncoder().encodeToString(png.toByteArray())));
    assertThat(run("render", "--models", models, "-o", renders, request)).as(bench.all()).isZero();
    Path picture = ReplayCommandTest.only(renders.resolve("pictures/twice"), ".png");
    assertThat(run("verify", "--worker", "--models", models, picture)).as(bench.all()).isZero();
  }

  @Test
  void compareReadsTheKnownAnswersOfPackages() throws Exception {
    for (int threads : List.of(1, 2)) {
      Object[] write = {"selftest", "--write", "--models", model, "--threads", threads};
      assertThat(run(write, "--report", folder.resolve("selftest.json"))).isZero();
    }
    Path answers = model.resolve("known_answers.json");
    ObjectNode known = (ObjectNode) JSON.readTree(answers.toFile());
    ObjectNode other = known.withArray("answers").get(0).deepCopy();
    other.put("onnxruntime_version", "0.1");
    ((ObjectNode) other.path("sha256")).put("unet", "0".repeat(64));
    known.withArray("answers").add(other);
    Files.write(answers, JSON.writeValueAsBytes(known));

    Path report = folder.resolve("report.json");
    Object[] compare = {"compare", "--models", model, "--store", renders, "--report", report};
    assertThat(run(compare, "--manifests", "s3://pictures/", "-o", folder.resolve("again")))
        .as(bench.all())
        .isZero();
    assertThat(bench.out().lines().filter(line -> line.startsWith("known answers ")))
        .hasSize(3)
        .allMatch(
            line ->
                line.contains(
                    line.contains("onnxruntime_version: 0.1,") ? "unet different" : "unet equal"))
        .anyMatch(line -> line.contains("threads: 2"));
    Schemas.assertValid("replay-report", Files.readAllBytes(report));
    assertThat(JSON.readTree(report.toFile()).at("/known_answers/2/equal/unet").booleanValue())
        .isFalse();
  }
}
