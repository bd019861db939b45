package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import io.darkroom.image.Pixels;
import io.darkroom.replay.PictureDifference;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real renders are replayed from a real topic and from their manifests. */
public class ReplayCommandTest {
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
  void aRequestOfSeveralStagesIsReplayedAndVerifiedWithTheFilesBetweenThem() throws IOException {
    String cascade =
        """
        {"id": "cascade", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": 3,
         "num_inference_steps": 2, "output": {"keep_intermediate": true},
         "then": [{"kind": "upscale", "model": "emoji-sr4", "num_inference_steps": 2}]}
        """;
    Path request = Files.writeString(folder.resolve("cascade.json"), cascade);
    Path renders = folder.resolve("renders");
    assertThat(run("render", "--models", STARTER, "-o", renders, request)).isZero();
    Path again = folder.resolve("again");
    assertThat(
            run(
                "replay",
                "--models",
                STARTER,
                "--store",
                renders,
                "--manifests",
                "s3://pictures/",
                "-o",
                again))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).containsPattern("equal files +\\| +1");

    Object[] costs = {"replay", "--models", STARTER, "--store", renders, "--dry-run"};
    assertThat(run(costs, "--manifests", "s3://pictures/")).isZero();
    assertThat(out.toString())
        .as("each stage counts for its own model")
        .containsPattern("emoji-32 +\\| +1 \\| +4 \\| +\\d")
        .containsPattern("emoji-sr4 +\\| +1 \\| +2 \\| +\\d");
    assertThat(run("verify", renders, "--store", renders)).as(out.toString()).isZero();
    try (Stream<Path> files = Files.walk(renders)) {
      Path small =
          files
              .filter(file -> file.getParent().endsWith("stage-0"))
              .filter(file -> file.toString().endsWith(".png"))
              .findFirst()
              .orElseThrow();
      Object[] alone = {"verify", small, "--render", "--models", STARTER, "--store", renders};
      assertThat(run(alone, "-o", folder.resolve("alone"))).as(out + "" + err).isZero();
      Files.delete(small);
    }
    assertThat(run("verify", renders, "--store", renders)).isEqualTo(1);
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
  void resultsOfAnotherCandidateInTheSameFolderAreNotTaken() throws IOException {
    Path renders = folder.resolve("renders");
    renderAll(renders, emoji("one", 41));
    Path again = folder.resolve("again");
    Object[] replay = replay(renders, again);

    assertThat(run(replay)).as(err.toString()).isZero();
    assertThat(manifests(again)).isEqualTo(1);
    out.getBuffer().setLength(0);
    run(replay, "--threads", 2);
    assertThat(out.toString()).contains("/threads: was 1, is 2").doesNotContain("equal files");
    assertThat(manifests(again)).isEqualTo(2);
    assertThat(run(replay)).isZero();
    assertThat(manifests(again)).as("a resumed replay takes its results").isEqualTo(2);
  }

  @Test
  void picturesOfDifferentRequestsWithOneIdAreRenderedAgain() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    renderAll(first, emoji("same", 42));
    renderAll(second, emoji("same", 43));
    Object[] verify = {"verify", "--render", "--models", STARTER.resolve("emoji-32")};

    int status =
        run(
            verify,
            "--store",
            first,
            "-o",
            folder.resolve("again"),
            only(first.resolve("pictures/same"), ".png"),
            only(second.resolve("pictures/same"), ".png"));

    assertThat(status).as(out.toString() + err).isZero();
    assertThat(out.toString().split("rendered again: equal files", -1)).hasSize(3);
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
  void aTopicIsReplayedWithoutChangingStoredObjects() throws Exception {
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

    assertThat(status).as(err.toString()).isEqualTo(3);
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
  void recordsAreSelectedByTheirOffsets() throws Exception {
    kafka.createTopics(List.of("offsets"), 2);
    for (int i = 0; i < 10; i++) {
      publish(new ProducerRecord<>("offsets", i % 2, null, utf8(emoji("none-" + i, i))));
    }
    configure();
    Object[] dryRun = {"replay", "--models", STARTER.resolve("emoji-32"), "--dry-run"};

    assertThat(run(dryRun, "--topic", "offsets", "--offsets", "0:1-3", "--offsets", "1:-1"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).containsPattern("\\(not replayable\\) +\\| +5 ");

    assertThat(run(dryRun, "--topic", "offsets", "--offsets", "0:3-9")).isEqualTo(1);
    assertThat(err.toString())
        .contains("offsets 0:3-9: partition 0 of offsets has the offsets 0 to 4");
  }

  @Test
  void offsetsThatAreNoRangeAreInvalidArguments() {
    Object[] compare = {"compare", "--models", STARTER.resolve("emoji-32")};

    assertThat(run(compare, "--offsets", "0:5")).isEqualTo(2);
    assertThat(run(compare, "--offsets", "0:5-4")).isEqualTo(2);
    assertThat(run(compare, "--offsets", "0:1-2", "--offsets", "0:4-5")).isEqualTo(2);
    assertThat(
            run(compare, "--offsets", "0:1-2", "--manifests", "s3://pictures/", "--store", folder))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("must be PARTITION:FROM-TO, e.g. 0:1200-1499", "FROM must be at most TO, is 5-4")
        .contains("--offsets: must have one range for a partition, has several for 0")
        .contains("--offsets: selects records of a topic, cannot be given with --manifests");
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
  void aBundleIsVerifiedAndRenderedAgainWithoutTheStore() throws IOException {
    Path renders = folder.resolve("renders");
    renderAll(renders, emoji("one", 21), emoji("two", 22));
    Path bundle = bundle("bundle.zip", renders);
    assertThat(Files.readAllBytes(bundle("again.zip", renders)))
        .as("the same content gives the same bytes")
        .isEqualTo(Files.readAllBytes(bundle));
    Files.move(renders, folder.resolve("away"));

    assertThat(run("verify", bundle)).as(out + "" + err).isZero();
    assertThat(out.toString()).contains("000001-manifest.json: good", "000002-manifest.json: good");
    assertThat(run("verify", bundle, "--render", "-o", folder.resolve("rendered")))
        .as(out + "" + err)
        .isZero();
    assertThat(out.toString()).contains("rendered again: equal files");
  }

  @Test
  void aBundleIsNotWrittenWithoutAnObjectOrWithAnotherPackage() throws IOException {
    Path renders = folder.resolve("renders");
    renderAll(renders, emoji("one", 23));
    Path changed = copy(STARTER.resolve("emoji-32"), folder.resolve("changed/emoji-32"));
    Files.writeString(changed.resolve("labels.json"), "{}");
    Path file = folder.resolve("bundle.zip");

    int another =
        run("bundle", "-o", file, "--store", renders, "--packages", "--models", changed, renders);
    assertThat(another).isEqualTo(1);
    assertThat(err.toString()).contains("emoji-32: package_sha256 must be ");
    Files.delete(only(renders.resolve("pictures/one"), ".png"));
    assertThat(run("bundle", "-o", file, "--store", renders, renders)).isEqualTo(1);
    assertThat(err.toString()).contains(".png: does not exist");
    assertThat(file).doesNotExist();
  }

  @Test
  void entriesOfABundleStayInItsFolder() throws IOException {
    for (String name :
        List.of("../escaped", "objects/../../escaped", "other/file", "objects/a//b")) {
      Path file = folder.resolve("hostile.zip");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(1);
        zip.closeEntry();
      }
      err.getBuffer().setLength(0);

      assertThat(run("verify", file)).as(name).isEqualTo(1);
      assertThat(err.toString()).contains("bundle: entries must be files in manifests/");
    }
    Path truncated = Files.write(folder.resolve("truncated.zip"), new byte[] {'P', 'K', 3, 4, 0});
    assertThat(run("verify", truncated)).isEqualTo(1);
    assertThat(err.toString()).contains("must be a bundle");
  }

  @Test
  void aCandidateIsComparedByHowMuchPicturesChange() throws IOException {
    Path renders = folder.resolve("renders");
    renderAll(renders, emoji("one", 31), emoji("two", 32), emoji("three", 33));
    Path candidate = copy(STARTER.resolve("emoji-32"), folder.resolve("candidate/emoji-32"));
    Path scheduler = candidate.resolve("scheduler/scheduler_config.json");
    Files.writeString(
        scheduler, Files.readString(scheduler).replace("squaredcos_cap_v2", "linear"));
    Path sheet = folder.resolve("sheet.png");

    int status =
        run(
            "compare",
            "--models",
            candidate,
            "--store",
            renders,
            "--manifests",
            "s3://pictures/",
            "--sample",
            2,
            "--sheet",
            sheet,
            "-o",
            folder.resolve("again"));

    assertThat(status).as(err.toString()).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("different +\\| +2")
        .contains("/stages/0/fingerprint/components/scheduler: was ")
        .containsPattern("PSNR \\d+\\.\\d dB, largest difference \\d+ of 255")
        .contains("lowest: PSNR ");
    BufferedImage drawn = ImageIO.read(sheet.toFile());
    assertThat(drawn.getHeight()).isGreaterThan(2 * 192);
  }

  @Test
  void tensorsAreComparedByTheirNumbersAndTheReportHasTheMeasures() throws IOException {
    Path renders = folder.resolve("renders");
    String tensor =
        """
        {"id": "tensor", "kind": "generate", "model": "emoji-32", "class_label": "5", "seed": 3,
         "num_inference_steps": 2, "output": {"format": "npy"}}
        """;
    renderAll(renders, tensor, emoji("picture", 3));
    Path candidate = copy(STARTER.resolve("emoji-32"), folder.resolve("candidate/emoji-32"));
    Path scheduler = candidate.resolve("scheduler/scheduler_config.json");
    Files.writeString(
        scheduler, Files.readString(scheduler).replace("squaredcos_cap_v2", "linear"));
    Path report = folder.resolve("report.json");
    Object[] compare = {"compare", "--models", candidate, "--store", renders};
    Object[] more = {"--manifests", "s3://pictures/", "-o", folder.resolve("again")};

    assertThat(run(concat(compare, more), "--report", report)).isEqualTo(1);

    assertThat(out.toString()).containsPattern("RMS difference \\d\\S*, largest difference \\d");
    assertThat(schemaErrors(report)).isEmpty();
    JsonNode requests = new ObjectMapper().readTree(report.toFile()).path("requests");
    assertThat(requests.findValues("psnr_db")).hasSize(1);
    assertThat(requests.findValue("rms").doubleValue()).isBetween(1e-4, 2.0);
  }

  @Test
  void differencesOfPicturesAreMeasured() {
    Pixels black = new Pixels(2, 1, 1, new byte[] {0, 0});
    Pixels grey = new Pixels(2, 1, 1, new byte[] {0, 51});

    PictureDifference difference = PictureDifference.between(black, grey);
    // MSE = 51^2 / 2; 10 log10(255^2 / MSE) = 10 log10(50).
    assertThat(difference.psnr()).isCloseTo(16.9897, within(1e-4));
    assertThat(difference.largest()).isEqualTo(51);
    assertThat(difference.changed()).isEqualTo(0.5);
    assertThat(PictureDifference.between(grey, grey).psnr()).isInfinite();
  }

  private Path bundle(String name, Path renders) {
    Path file = folder.resolve(name);
    int status =
        run(
            "bundle",
            "-o",
            file,
            "--store",
            renders,
            "--packages",
            "--models",
            STARTER.resolve("emoji-32"),
            renders);
    assertThat(status).as(err.toString()).isZero();
    return file;
  }

  @Test
  void aFileThatIsNoEvidenceIsNamed() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "hello");

    assertThat(run("verify", text, "--store", folder)).isEqualTo(1);
    assertThat(out.toString()).contains("must be a manifest, a completed event or a PNG file");
    assertThat(run("verify", folder.resolve("empty"), "--store", folder)).isEqualTo(1);
  }

  @Test
  void anOutputFolderThatCannotBeWrittenIsRefused() throws IOException {
    Path renders = folder.resolve("renders");
    renderAll(renders, emoji("one", 51));
    Path file = Files.writeString(folder.resolve("file"), "");
    Path manifest = renders.resolve("pictures/one/manifest.json");
    Object[] models = {"--models", STARTER.resolve("emoji-32"), "--store", renders};
    Object[] stored = {"--manifests", "s3://pictures/"};
    Object[] request = {"render", "--models", STARTER.resolve("emoji-32")};

    for (Path output : List.of(file, file.resolve("below"), Path.of("/dev/null"))) {
      err.getBuffer().setLength(0);
      assertThat(run(replay(renders, output))).isEqualTo(2);
      assertThat(run(new Object[] {"compare", "-o", output}, concat(models, stored))).isEqualTo(2);
      assertThat(run(new Object[] {"verify", "--render", "-o", output, manifest}, models))
          .isEqualTo(2);
      assertThat(run(request, "-o", output, folder.resolve("request-0.json"))).isEqualTo(2);
      assertThat(err.toString().lines())
          .hasSize(4)
          .allMatch(line -> line.contains("--output: must be a folder that can be written, is "));
    }
    Path linked = Files.createSymbolicLink(folder.resolve("link"), renders);
    assertThat(run(request, "-o", linked, folder.resolve("request-0.json"))).isZero();
  }

  @Test
  void numbersBelowOneAreInvalidArguments() {
    assertThat(run("replay", "--requests-per-minute", 0)).isEqualTo(2);
    assertThat(run("replay", "--requests-per-minute", -5)).isEqualTo(2);
    assertThat(run("compare", "--sample", 0)).isEqualTo(2);
    assertThat(err.toString().lines())
        .hasSize(3)
        .anyMatch(line -> line.contains("--requests-per-minute: must be 1 or more, is -5"))
        .anyMatch(line -> line.contains("--sample: must be 1 or more, is 0"));
  }

  @Test
  void aSelectionWithoutARequestIsAFailure() throws IOException {
    Path renders = folder.resolve("renders");
    renderAll(renders, emoji("one", 52));
    Object[] replay = replay(renders, folder.resolve("again"));
    Object[] compare = replay.clone();
    compare[0] = "compare";

    assertThat(run(replay, "--id", "another")).isEqualTo(1);
    assertThat(run(replay, "--id", "another", "--dry-run")).isEqualTo(1);
    assertThat(run(compare, "--id", "another")).isEqualTo(1);
    assertThat(err.toString().lines().filter("darkroom: no request was selected"::equals))
        .hasSize(3);
  }

  @Test
  void listedIdsThatAreNotFoundAreNamed() throws IOException {
    Path renders = folder.resolve("renders");
    renderAll(renders, emoji("one", 53));
    Path ids = Files.writeString(folder.resolve("ids"), "one\n\n two \nthree\n");
    Object[] replay = replay(renders, folder.resolve("again"));

    assertThat(run(replay, "--ids", ids)).isEqualTo(1);
    assertThat(out.toString()).containsPattern("equal files +\\| +1");
    assertThat(err.toString()).contains("--ids: not found: two, three\n");

    StringBuilder many = new StringBuilder("one\n");
    for (int i = 0; i < 12; i++) {
      many.append("none-").append(i).append('\n');
    }
    Files.writeString(ids, many);
    assertThat(run(replay, "--ids", ids)).isEqualTo(1);
    assertThat(err.toString()).contains("none-8, none-9 and 2 more\n").doesNotContain("none-10");
    Files.writeString(ids, "one\n");
    assertThat(run(replay, "--ids", ids)).isZero();
  }

  @Test
  void optionsOfATopicAreRefusedWithManifests() {
    Object[] replay = {"replay", "--manifests", "s3://pictures/"};
    String from = "2026-01-31T08:00:00Z";

    assertThat(run(replay, "--from", from)).isEqualTo(2);
    assertThat(run(replay, "--to", from)).isEqualTo(2);
    assertThat(run(replay, "--topic", TOPIC)).isEqualTo(2);
    assertThat(err.toString())
        .contains("--from: selects records of a topic, cannot be given with --manifests")
        .contains("--to: selects records of a topic")
        .contains("--topic: selects records of a topic");
    assertThat(run("replay", "--from", from, "--to", "2026-01-31T07:00:00Z")).isEqualTo(2);
    assertThat(err.toString()).contains("--from: must be at most --to, is 2026-01-31T08:00:00Z");
    assertThat(run("replay", "--from", "2h")).isEqualTo(2);
    assertThat(err.toString()).contains("must be a time such as 2026-01-31T08:00:00Z, is '2h'");
  }

  @Test
  void filesThatCannotBeUsedAreRefusedBeforeRendering() throws IOException {
    Path none = folder.resolve("none/file");
    Path again = folder.resolve("again");
    Object[] replay = replay(folder, again);
    Object[] compare = replay.clone();
    compare[0] = "compare";
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0});

    assertThat(run(replay, "--report", none)).isEqualTo(2);
    assertThat(run(compare, "--report", none)).isEqualTo(2);
    assertThat(run(compare, "--sheet", folder)).isEqualTo(2);
    assertThat(run(replay, "--ids", none)).isEqualTo(2);
    assertThat(run(replay, "--ids", binary)).isEqualTo(2);

    assertThat(err.toString().lines()).hasSize(5);
    assertThat(err.toString())
        .contains("--report: must be a file that can be written in a folder that exists, is ")
        .contains("--sheet: must be a file that can be written in a folder that exists, is ")
        .contains("--ids: must be a file that can be read, is " + none)
        .contains("--ids: must be text in UTF-8, is not: " + binary);
    assertThat(again).doesNotExist();
  }

  @Test
  void equalPixelsInDifferentFilesHaveNoNumber() {
    Pixels grey = new Pixels(2, 1, 1, new byte[] {0, 51});
    Pixels black = new Pixels(2, 1, 1, new byte[] {0, 0});

    assertThat(PictureDifference.between(grey, grey).text())
        .isEqualTo("no difference after decoding");
    assertThat(PictureDifference.between(grey, black).text())
        .isEqualTo("PSNR 17.0 dB, largest difference 51 of 255, 50.0 % of the samples changed");
  }

  private static Object[] concat(Object[] some, Object[] others) {
    return Stream.of(some, others).flatMap(Stream::of).toArray();
  }

  private static Object[] replay(Path renders, Path output) {
    return new Object[] {
      "replay",
      "--models",
      STARTER.resolve("emoji-32"),
      "--store",
      renders,
      "--manifests",
      "s3://pictures/",
      "-o",
      output
    };
  }

  private static long manifests(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith("manifest.json")).count();
    }
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
    System.setProperty("darkroom.kafka.requests-topics", TOPIC);
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
        producer.send(new ProducerRecord<>(TOPIC, utf8(body))).get();
      }
    }
  }

  private static void publish(ProducerRecord<byte[], byte[]> record) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
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

  static Path only(Path folder, String suffix) throws IOException {
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

  private int run(Object[] command, Object... options) {
    return run(concat(command, options));
  }

  private int run(Object... args) {
    String[] texts = Stream.of(args).map(Object::toString).toArray(String[]::new);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(texts);
  }
}
