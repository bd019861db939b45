package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.LocalKafka;
import io.darkroom.LocalS3;
import io.darkroom.Ports;
import io.darkroom.render.ObjectUri;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three requests were rendered, of which the results are in a real store and the records in a real
 * topic, one per hour. The deadline of each has passed, and one was cancelled after its result.
 */
class ReplaySelectionTest {
  private static final String PICTURE = "darkroom/inputs/in.png";
  private static final Object[] MODELS = {"--models", ProofBench.EMOJI};

  @TempDir static Path shared;
  private static final Properties BEFORE = (Properties) System.getProperties().clone();
  private static Instant start;
  private static LocalKafka kafka;
  private static LocalS3 store;

  private final ProofBench bench = new ProofBench();
  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    start = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));
    kafka = new LocalKafka(shared.resolve("kafka"), Ports.ANY);
    kafka.createTopics(List.of("requests", "darkroom.control", "dead", "other"), 1);
    store = new LocalS3(shared.resolve("s3"), Ports.ANY);
    store.createBucket("darkroom");
    store.createBucket("proofs");
    configure();
    Path renders = shared.resolve("renders");
    picture(renders.resolve(PICTURE), 90);
    new ProofBench()
        .render(renders, shared, MODELS, body("a"), body("b"), body("c"), changed(body("d")));
    upload(renders);
    for (int i = 0; i < 3; i++) {
      String old =
          body("abc".substring(i, i + 1)).replace("{", "{\"deadline\": \"2020-01-31T18:00:00Z\",");
      publish("requests", start.plusSeconds(i * 3600L), old, Map.of());
    }
    publish("darkroom.control", start, "{\"request_id\": \"b\", \"action\": \"cancel\"}", Map.of());
  }

  @AfterAll
  static void stop() {
    System.setProperties(BEFORE);
    store.close();
    kafka.close();
  }

  private static void configure() {
    System.setProperty("darkroom.kafka.bootstrap-servers", kafka.bootstrapServers());
    System.setProperty("darkroom.kafka.requests-topics", "requests");
    System.setProperty("darkroom.s3.endpoint", store.endpoint().toString());
    System.setProperty("darkroom.s3.path-style", "true");
    System.setProperty("darkroom.s3.access-key-id", LocalS3.KEYS.accessKeyId());
    System.setProperty("darkroom.s3.secret-access-key", LocalS3.KEYS.secretAccessKey());
    System.setProperty("darkroom.output.prefix", "s3://darkroom/renders/");
  }

  private static String body(String id) {
    return """
    {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": 3,
     "num_inference_steps": 2}
    """
        .formatted(id);
  }

  /** Returns a request that changes a stored picture, without its digest. */
  private static String changed(String body) {
    return body.replace(
        "{",
        "{\"image\": {\"uri\": \"s3://%s\"}, \"output\": {\"prefix\": \"s3://darkroom/other/\"},"
            .formatted(PICTURE));
  }

  private static void picture(Path file, int grey) throws IOException {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY);
    image.setRGB(16, 16, grey << 16 | grey << 8 | grey);
    Files.createDirectories(file.resolveSibling("."));
    ImageIO.write(image, "png", file.toFile());
  }

  /** Puts the files where a worker would have put them. */
  private static void upload(Path renders) throws IOException {
    try (Originals remote = Originals.open(LocalConfig.read(), null);
        Stream<Path> files = Files.walk(renders)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = renders.relativize(file).toString();
        String key = path.replace("pictures/", "renders/").replace("darkroom/", "");
        byte[] bytes = Files.readAllBytes(file);
        if (key.endsWith("manifest.json")) {
          String text = new String(bytes, StandardCharsets.UTF_8);
          bytes = ProofBench.utf8(text.replace("s3://pictures/", "s3://darkroom/renders/"));
        }
        remote.store().put(new ObjectUri("darkroom", key), bytes, "application/octet-stream");
      }
    }
  }

  private static void publish(String topic, Instant time, String body, Map<String, String> headers)
      throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, 0, time.toEpochMilli(), null, ProofBench.utf8(body));
    headers.forEach((name, value) -> record.headers().add(name, ProofBench.utf8(value)));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get();
    }
  }

  @Test
  void oldDeadlinesAndCancellationsAreIgnoredAndResultsGoToAnotherPrefix() throws Exception {
    Path originals = shared.resolve("s3/darkroom");
    Map<String, String> before = ProofBench.content(originals);
    Object[] replay = {"replay", MODELS, "-o", "s3://proofs/again"};

    assertThat(bench.run(replay)).as(bench.all()).isZero();
    assertThat(bench.out()).containsPattern("equal files +\\| +3 ");
    Map<String, String> replays = ProofBench.content(shared.resolve("s3/proofs"));
    assertThat(replays.keySet().stream().filter(key -> key.endsWith("manifest.json")))
        .hasSize(3)
        .allMatch(key -> key.matches("again/darkroom/renders/[0-9a-f]{12}/[abc]/manifest.json"));

    assertThat(bench.run(replay)).as(bench.all()).isZero();
    assertThat(ProofBench.content(shared.resolve("s3/proofs")))
        .as("the second start takes the results of the first; manifests have times")
        .isEqualTo(replays);
    assertThat(ProofBench.content(originals)).as("the stored results").isEqualTo(before);
  }

  @Test
  void recordsAreSelectedByTheirTimes() {
    Object[] dryRun = {"replay", MODELS, "--dry-run"};

    assertThat(bench.run(dryRun, "--from", start.plusSeconds(3600))).as(bench.all()).isZero();
    assertThat(bench.out()).containsPattern("emoji-32 +\\| +2 \\|");
    assertThat(bench.run(dryRun, "--from", start, "--to", start.plusSeconds(3600))).isZero();
    assertThat(bench.out()).as("the end is exclusive").containsPattern("emoji-32 +\\| +1 \\|");
  }

  @Test
  void manifestsOfAPrefixAreSelectedByTheirIds() throws IOException {
    Path ids = Files.writeString(folder.resolve("ids"), "a\nc\n");
    Object[] dryRun = {"replay", MODELS, "--dry-run", "--manifests"};

    assertThat(bench.run(dryRun, "s3://darkroom/renders/", "--ids", ids)).as(bench.all()).isZero();
    assertThat(bench.out()).containsPattern("emoji-32 +\\| +2 \\|");
    assertThat(bench.run(dryRun, "s3://darkroom/renders/b/")).as(bench.all()).isZero();
    assertThat(bench.out()).containsPattern("emoji-32 +\\| +1 \\|");
  }

  @Test
  void deadLettersSayWhyTheOriginalFailedUnlessItHasAResultNow() throws Exception {
    Map<String, String> numeric = Map.of("dl-class", "numeric", "dl-message", "the output has NaN");
    publish("dead", start, body("failed"), numeric);
    publish("dead", start, "{", Map.of("dl-class", "invalid", "dl-message", "is not JSON"));
    publish("dead", start, body("a"), numeric);
    publish("dead", start, "", Map.of("dl-redriven", "0/2"));
    Path report = folder.resolve("report.json");

    int status = bench.run("replay", MODELS, "--topic", "dead", "-o", folder, "--report", report);

    assertThat(status).as(bench.all()).isEqualTo(3);
    assertThat(bench.out())
        .contains("failed: not replayable\n  the original failed: numeric: the output has NaN\n")
        .contains("dead/0/1: not replayable\n  the original failed: invalid: is not JSON\n")
        .containsPattern("equal files +\\| +1 ")
        .containsPattern("not replayable +\\| +2 ");
    assertThat(ProofBench.verdicts(report))
        .containsOnly(
            Map.entry("failed", "not_replayable"),
            Map.entry("", "not_replayable"),
            Map.entry("a", "equal_files"));
  }

  @Test
  void aRequestForABucketThatTheStoreRefusesDoesNotEndTheReplay() throws Exception {
    String elsewhere = body("x").replace("{", "{\"output\": {\"prefix\": \"s3://nowhere/x/\"},");
    publish("other", start, elsewhere, Map.of());
    publish("other", start, body("a"), Map.of());

    assertThat(bench.run("replay", MODELS, "--topic", "other", "-o", folder)).isEqualTo(3);
    assertThat(bench.out())
        .contains("x: not replayable\n  it has no stored result: s3://nowhere/x/x/manifest.json")
        .contains("404 NoSuchBucket")
        .containsPattern("equal files +\\| +1 ");
  }

  @Test
  void anInputThatWasChangedLaterIsNamed() throws Exception {
    kafka.createTopics(List.of("inputs"), 1);
    publish("inputs", start, changed(body("d")), Map.of());
    publish("inputs", start, body("a"), Map.of());
    Path stored = shared.resolve("s3").resolve(PICTURE);
    Object[] replay = {"replay", MODELS, "--topic", "inputs", "-o"};

    assertThat(bench.run(replay, folder.resolve("same"))).as(bench.all()).isZero();
    picture(stored, 200);
    assertThat(bench.run(replay, folder.resolve("changed"))).isEqualTo(3);
    assertThat(bench.out())
        .containsPattern(
            "d: not replayable\n  input: s3://darkroom/inputs/in.png was changed: its sha256 must"
                + " be [0-9a-f]{64}, is [0-9a-f]{64}\n")
        .containsPattern("equal files +\\| +1 ");
  }

  @Test
  void aPrefixThatOverlapsStoredResultsOrCannotBeWrittenIsRefused() {
    for (String output :
        List.of("s3://darkroom/", "s3://darkroom/renders/", "s3://darkroom/renders/again/")) {
      assertThat(bench.run("replay", "-o", output)).isEqualTo(2);
      assertThat(bench.err())
          .contains("--output: must not contain or be in s3://darkroom/renders/, where stored");
    }
    Object[] manifests = {"replay", "--manifests", "s3://proofs/old/"};
    assertThat(bench.run(manifests, "-o", "s3://proofs/")).isEqualTo(2);
    assertThat(bench.err()).contains("must not contain or be in s3://proofs/old/");
    assertThat(bench.run("replay", "-o", "s3://p")).isEqualTo(2);
    assertThat(bench.err()).contains("must be s3://bucket/prefix/, is s3://p");
    assertThat(bench.run("replay", "--store", folder, "-o", "s3://proofs/again/")).isEqualTo(2);
    assertThat(bench.err()).contains("--output: must be a folder with --store");

    assertThat(bench.run("replay", MODELS, "-o", "s3://nowhere/again/")).isEqualTo(1);
    assertThat(bench.err().lines().filter(line -> line.startsWith("darkroom: ")))
        .containsExactly("darkroom: s3://nowhere: is not usable: 404 NoSuchBucket");
  }

  @Test
  void storedManifestsPrefixesAndEventsAreVerified() throws IOException {
    assertThat(bench.run("verify", "s3://darkroom/renders/a/manifest.json")).isZero();
    assertThat(bench.out()).isEqualTo("s3://darkroom/renders/a/manifest.json: good\n");
    assertThat(bench.run("verify", "s3://darkroom/renders/")).isZero();
    assertThat(bench.out().lines()).hasSize(3).allMatch(line -> line.endsWith("json: good"));
    assertThat(bench.run("verify", "s3://darkroom/renders/none/manifest.json")).isEqualTo(1);
    assertThat(bench.out()).contains("cannot be read: s3://darkroom/renders/none/manifest.json");

    Object[] render = {"--render", MODELS, "-o", "s3://verified/again/"};
    store.createBucket("verified");
    assertThat(bench.run("verify", "s3://darkroom/renders/a/", render)).as(bench.all()).isZero();
    assertThat(bench.out()).contains("rendered again: equal files");
    assertThat(ProofBench.content(shared.resolve("s3/verified")).keySet())
        .hasSize(2)
        .allMatch(key -> key.startsWith("again/darkroom/renders/"));
    Path bundle = folder.resolve("bundle.zip");
    assertThat(bench.run("bundle", "-o", bundle, "s3://darkroom/renders/a/")).isZero();
    assertThat(bench.run("verify", bundle, render)).isEqualTo(1);
    assertThat(bench.err()).contains("--output: must be a folder if the results are in one");

    String manifest = Files.readString(shared.resolve("s3/darkroom/renders/b/manifest.json"));
    Path event =
        Files.writeString(
            folder.resolve("event.json"),
            """
            {"specversion": "1.0", "id": "1", "source": "/darkroom", "subject": "b",
             "type": "io.darkroom.render.completed.v1", "datacontenttype": "application/json",
             "data": %s}
            """
                .formatted(manifest));
    assertThat(bench.run("verify", event)).as(bench.all()).isZero();
    Files.writeString(event, Files.readString(event).replaceFirst("\"seed\": ?3", "\"seed\":4"));
    assertThat(bench.run("verify", event)).as(bench.all()).isEqualTo(1);
    assertThat(bench.out()).contains("event.json: NOT GOOD", "outputs/0/seed: must be ");
  }
}
