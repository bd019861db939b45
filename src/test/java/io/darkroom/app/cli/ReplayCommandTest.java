package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.darkroom.LocalKafka;
import io.darkroom.LocalS3;
import io.darkroom.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real renders are replayed from a real topic and from their manifests. */
class ReplayCommandTest {
  private static final Path STARTER = Path.of("src/main/models");
  private static final String BUCKET = "darkroom";
  private static final String TOPIC = "requests";

  @TempDir static Path shared;
  private static LocalKafka kafka;
  private static LocalS3 store;

  private final Properties before = (Properties) System.getProperties().clone();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    kafka = new LocalKafka(shared.resolve("kafka"), Ports.ANY);
    kafka.createTopics(List.of(TOPIC), 2);
    store = new LocalS3(shared.resolve("s3"), Ports.ANY);
    store.createBucket(BUCKET);
  }

  @AfterAll
  static void stop() {
    store.close();
    kafka.close();
  }

  @AfterEach
  void restoreProperties() {
    System.setProperties(before);
  }

  @Test
  void storedResultsAreReproducedFromTheirManifests() throws IOException {
    renderAll(folder.resolve("renders"), emoji("one", 1), emoji("two", 2));
    Path report = folder.resolve("report.json");

    assertThat(
            run(
                "replay",
                "--models",
                STARTER.resolve("emoji-32"),
                "--store",
                folder.resolve("renders"),
                "--manifests",
                "s3://pictures/",
                "-o",
                folder.resolve("again"),
                "--report",
                report))
        .as(err.toString())
        .isZero();

    assertThat(out.toString()).containsPattern("equal files +\\| +2");
    assertThat(schemaErrors(report)).isEmpty();
    JsonNode read = new ObjectMapper().readTree(report.toFile());
    assertThat(read.at("/counts/equal_files").intValue()).isEqualTo(2);
    assertThat(read.at("/reproduced").booleanValue()).isTrue();
  }

  @Test
  void anotherThreadCountIsNamedWherePixelsOrFilesDiffer() throws IOException {
    renderAll(folder.resolve("renders"), emoji("threads", 5));

    run(
        "replay",
        "--models",
        STARTER.resolve("emoji-32"),
        "--threads",
        2,
        "--store",
        folder.resolve("renders"),
        "--manifests",
        "s3://pictures/",
        "-o",
        folder.resolve("again"));

    assertThat(out.toString())
        .contains("threads: ", "  /stages/0/fingerprint/threads: was 1, is 2")
        .doesNotContain("equal files");
  }

  @Test
  void oneBitOfAWeightIsNamedByItsComponent() throws IOException {
    Path changed = copy(STARTER.resolve("emoji-32"), folder.resolve("models/emoji-32"));
    renderAll(folder.resolve("renders"), emoji("bit", 7));
    Path network = changed.resolve("unet/model.onnx");
    byte[] bytes = Files.readAllBytes(network);
    bytes[bytes.length / 2] ^= 1;
    Files.write(network, bytes);
    Files.deleteIfExists(changed.resolve("known-answers.json"));

    int status =
        run(
            "replay",
            "--models",
            changed,
            "--store",
            folder.resolve("renders"),
            "--manifests",
            "s3://pictures/",
            "-o",
            folder.resolve("again"));

    assertThat(status).as(err.toString()).isNotEqualTo(2);
    assertThat(out.toString()).contains("/stages/0/fingerprint/components/unet: was ");
  }

  @Test
  void aTopicIsReplayedWithoutChangingWhatIsStored() throws Exception {
    String good = emoji("good", 3);
    Path local = folder.resolve("renders");
    renderAll(local, good);
    configure();
    upload(local);
    publish(good, emoji("never-rendered", 4), "{\"id\": \"broken\"", emoji("other", 9));

    int status =
        run(
            "replay",
            "--models",
            STARTER.resolve("emoji-32"),
            "-o",
            folder.resolve("again"),
            "--report",
            folder.resolve("report.json"));

    assertThat(status).as(err.toString()).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("equal files +\\| +1")
        .containsPattern("not replayable +\\| +3")
        .contains("it has no stored result: s3://darkroom/renders/never-rendered/manifest.json")
        .contains("the original request is invalid");
    out.getBuffer().setLength(0);

    assertThat(
            run(
                "replay",
                "--models",
                STARTER.resolve("emoji-32"),
                "--id",
                "go*d",
                "-o",
                folder.resolve("again")))
        .as("the second start takes the results of the first")
        .isZero();
    assertThat(out.toString()).containsPattern("equal files +\\| +1").doesNotContain("replayable");
    out.getBuffer().setLength(0);

    assertThat(run("replay", "--models", STARTER.resolve("emoji-32"), "--dry-run")).isZero();
    assertThat(out.toString())
        .containsPattern("emoji-32 +\\| +1 \\| +8 ")
        .containsPattern("\\(not replayable\\) +\\| +3 ");
  }

  @Test
  void filesAreVerifiedWithoutRenderingAndWith() throws IOException {
    Path renders = folder.resolve("renders");
    renderAll(renders, emoji("kept", 11), emoji("changed", 12));
    Path picture = only(renders.resolve("pictures/changed"), ".png");
    Path kept = only(renders.resolve("pictures/kept"), ".png");
    byte[] bytes = Files.readAllBytes(picture);
    bytes[bytes.length - 20] ^= 1;
    Files.write(picture, bytes);

    assertThat(run("verify", renders, "--store", renders)).isEqualTo(1);
    assertThat(out.toString())
        .contains("kept/manifest.json: good", "changed/manifest.json: NOT GOOD", "(changed)");
    out.getBuffer().setLength(0);

    assertThat(
            run(
                "verify",
                kept,
                "--render",
                "--models",
                STARTER.resolve("emoji-32"),
                "--store",
                renders,
                "-o",
                folder.resolve("again")))
        .as("a picture alone: " + err)
        .isZero();
    assertThat(out.toString()).contains("rendered again: equal files");
  }

  @Test
  void aFileThatIsNoEvidenceIsNamed() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "hello");

    assertThat(run("verify", text, "--store", folder)).isEqualTo(1);
    assertThat(out.toString()).contains("must be a manifest, a completed event or a PNG file");
    assertThat(run("verify", folder.resolve("empty"), "--store", folder)).isEqualTo(1);
  }

  private static String emoji(String id, int seed) {
    return """
    {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": %d,
     "guidance_scale": 2.0, "num_inference_steps": 4}
    """
        .formatted(id, seed);
  }

  private void renderAll(Path output, String... requests) throws IOException {
    Object[] args = new Object[requests.length + 5];
    args[0] = "render";
    args[1] = "--models";
    args[2] = STARTER.resolve("emoji-32");
    args[3] = "-o";
    args[4] = output;
    for (int i = 0; i < requests.length; i++) {
      args[5 + i] = Files.writeString(folder.resolve("request-" + i + ".json"), requests[i]);
    }
    assertThat(run(args)).as(err.toString()).isZero();
    out.getBuffer().setLength(0);
  }

  private void configure() {
    System.setProperty("darkroom.kafka.bootstrap-servers", kafka.bootstrapServers());
    System.setProperty("darkroom.kafka.requests-topic", TOPIC);
    System.setProperty("darkroom.s3.endpoint", store.endpoint().toString());
    System.setProperty("darkroom.s3.path-style", "true");
    System.setProperty("darkroom.s3.access-key-id", LocalS3.KEYS.accessKeyId());
    System.setProperty("darkroom.s3.secret-access-key", LocalS3.KEYS.secretAccessKey());
    System.setProperty("darkroom.output.prefix", "s3://darkroom/renders/");
  }

  /** Puts local results where a worker would have put them. */
  private void upload(Path local) throws IOException {
    try (Originals remote = Originals.open(LocalConfig.read(), null);
        Stream<Path> files = Files.walk(local.resolve("pictures"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = "renders/" + local.resolve("pictures").relativize(file);
        byte[] bytes = Files.readAllBytes(file);
        if (key.endsWith("manifest.json")) {
          bytes =
              new String(bytes, StandardCharsets.UTF_8)
                  .replace("s3://pictures/", "s3://darkroom/renders/")
                  .getBytes(StandardCharsets.UTF_8);
        }
        remote
            .store()
            .put(new io.darkroom.render.ObjectUri(BUCKET, key), bytes, "application/octet-stream");
      }
    }
  }

  private static void publish(String... bodies) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (String body : bodies) {
        producer.send(new ProducerRecord<>(TOPIC, body.getBytes(StandardCharsets.UTF_8))).get();
      }
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        if (!Files.isDirectory(file)) {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  private static Path only(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  private static List<Error> schemaErrors(Path report) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(Path.of("schemas/replay-report.schema.json")));
    return schema.validate(Files.readString(report), InputFormat.JSON);
  }

  private int run(Object... args) {
    String[] texts = Stream.of(args).map(Object::toString).toArray(String[]::new);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(texts);
  }
}
