package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.app.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program's commands, run in this process. */
public class CommandsTest {
  private static final Path STARTER = Path.of("src/main/models");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... args) {
    String[] texts = Stream.of(args).map(Object::toString).toArray(String[]::new);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(texts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "setup",
        "models",
        "selftest",
        "render",
        "exporter",
        "simulate",
        "replay",
        "verify"
      })
  void everyCommandHasHelpAndVersion(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: darkroom " + command).contains("--version");
    out.getBuffer().setLength(0);
    assertThat(run(command, "--version")).isZero();
    assertThat(out.toString()).isEqualTo("darkroom " + Version.number() + System.lineSeparator());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theHelpOfTheProgramNamesItsCommandsAndItsExitCodes() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString())
        .contains(
            "run ", "setup ", "models ", "selftest ", "render ", "Exit status:", "2   invalid");
  }

  @Test
  void unusableArgumentsAreOneLine() {
    assertThat(run("models", "--models", folder.resolve("nowhere"))).isEqualTo(2);
    assertThat(run("models", "--rows-per-call", "0", "--models", folder)).isEqualTo(2);
    assertThat(run("selftest", "--threads", "many")).isEqualTo(2);
    assertThat(run("render")).isEqualTo(2);
    assertThat(run("render", folder.resolve("none.json"))).isEqualTo(2);
    assertThat(run("develop")).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .containsExactly(
            "darkroom: --models: must be a folder, is "
                + folder.resolve("nowhere")
                + " (darkroom models --help for usage)",
            "darkroom: rows of a call: must be 1 or more, are 0 (darkroom models --help for usage)",
            "darkroom: Invalid value for option '--threads': 'many' is not an int (darkroom"
                + " selftest --help for usage)",
            "darkroom: Missing required parameter: 'FILE' (darkroom render --help for usage)",
            "darkroom: FILE: must be a file, is "
                + folder.resolve("none.json")
                + " (darkroom render --help for usage)",
            "darkroom: Unmatched argument at index 0: 'develop' (darkroom --help for usage)");
  }

  @Test
  void modelsAreListedAndBrokenPackagesAreNamed() throws IOException {
    copy("emoji-32", "labels");
    copy("emoji-sr4", "larger");
    copy("emoji-32", "incomplete");
    Files.delete(folder.resolve("incomplete/unet/model.onnx"));
    copy("emoji-32", "wrong");
    Files.writeString(folder.resolve("wrong/unet/config.json"), "{\"sample_size\": \"big\"}");

    assertThat(run("models", "--models", folder, "--rows-per-call", 4)).isEqualTo(1);

    assertThat(out.toString())
        .containsPattern(
            "labels +\\| 317 class labels +\\| 32x32 +\\| .* exact +\\| 1-4 +\\| +\\d+.\\d\\d at"
                + " \\d+ \\| +\\d+.\\d MB \\| +5.\\d MB")
        .containsPattern("larger +\\| image, 4 times enlarged \\| any ")
        .containsPattern("  labels@sha256:[0-9a-f]{64}")
        .containsPattern("  larger@sha256:[0-9a-f]{64}");
    assertThat(err.toString().lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("darkroom: not served: incomplete: unet/model.onnx: "))
        .anyMatch(
            line ->
                line.startsWith("darkroom: not served: wrong: unet/config.json: out_channels: "));
  }

  @Test
  void aFolderWithoutPackagesServesNothing() {
    assertThat(run("models", "--models", folder)).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("darkroom: no model package in " + folder + "\n");
  }

  @Test
  void theSelfTestPrintsAVerdictAndWritesAReport() throws IOException {
    Path report = folder.resolve("report.json");

    assertThat(run("selftest", "--models", STARTER.resolve("emoji-32"), "--report", report))
        .isZero();

    assertThat(out.toString().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("emoji-32: exact with 1-8 rows per call, answers new, on "),
            line -> assertThat(line).startsWith("  milliseconds per row, by rows per call: 1:"),
            line ->
                assertThat(line).matches("  proposed: darkroom.engine.rows-by-model.emoji-32=\\d+"),
            line -> assertThat(line).isEqualTo("passed, report in " + report));
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertThat(json.path("passed").asBoolean()).isTrue();
    assertThat(json.path("models")).hasSize(1);
    assertThat(json.at("/models/0/model").asText()).isEqualTo("emoji-32");
    assertThat(json.at("/models/0/tier").asText()).isEqualTo("exact");
    assertThat(json.at("/models/0/sha256").asText()).hasSize(64);
    assertThat(json.path("broken")).isEmpty();
  }

  @Test
  void laterStartsMustGiveTheAnswersThatTheSelfTestStored() throws IOException {
    copy("emoji-32", "labels");
    Path report = folder.resolve("report.json");
    Object[] test = {"selftest", "--models", folder.resolve("labels"), "--report", report};
    Object[] write = Arrays.copyOf(test, test.length + 1);
    write[test.length] = "--write";
    Path answers = folder.resolve("labels/known_answers.json");

    assertThat(run(write)).isZero();
    assertThat(out.toString()).contains("written: " + answers);
    assertThat(run(test)).isZero();
    assertThat(out.toString()).contains("labels: exact with 1-8 rows per call, answers known, on ");

    Files.writeString(
        answers, Files.readString(answers).replaceAll("(\"unet\":\")[0-9a-f]{8}", "$100000000"));
    assertThat(run(test)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("darkroom: failed: labels: unet: must give the known answer 00000000");
    Object[] fast = Arrays.copyOf(test, test.length + 2);
    fast[test.length] = "--tier";
    fast[test.length + 1] = "fast";
    assertThat(run(fast)).isZero();
  }

  @Test
  void aPackageThatFailsTheSelfTestIsReported() throws IOException {
    copy("emoji-32", "models/broken");
    Files.writeString(folder.resolve("models/broken/unet/model.onnx"), "no network");
    Path report = folder.resolve("report.json");

    assertThat(run("selftest", "--models", folder.resolve("models"), "--report", report))
        .isEqualTo(1);

    assertThat(err.toString()).startsWith("darkroom: failed: broken: unet/model.onnx: ");
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertThat(json.path("passed").asBoolean()).isFalse();
    assertThat(json.at("/broken/0/file").asText()).isEqualTo("unet/model.onnx");
  }

  @Test
  void requestFilesAreRenderedIntoAFolder() throws IOException {
    Path good = request("good", "\"class_label\":\"ball\",\"num_images\":2,\"seed\":1");
    Path own = request("own", "\"output\":{\"prefix\":\"s3://mine/x/\",\"format\":\"npy\"}");
    Path bad = request("bad", "\"width\":7,\"height\":9");
    Path noise = Files.writeString(folder.resolve("noise.json"), "{");
    Path output = folder.resolve("results");
    Object[] args = {
      "render", "--models", STARTER.resolve("emoji-32"), "-o", output, good, own, bad, noise
    };

    assertThat(run(args)).isEqualTo(1);

    String pictures = output.resolve("pictures/good").toString();
    assertThat(out.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo(good + ": completed"),
            line -> assertThat(line).startsWith("  " + pictures + "/0-").endsWith(".png"),
            line -> assertThat(line).startsWith("  " + pictures + "/1-").endsWith(".png"),
            line -> assertThat(line).isEqualTo(own + ": completed"),
            line -> assertThat(line).startsWith("  " + output.resolve("mine/x/own/0-")),
            line ->
                assertThat(line)
                    .isEqualTo(bad + ": rejected (invalid): the request has 2 violations"),
            line -> assertThat(line).isEqualTo("  /width: must be 32 for emoji-32, is 7"),
            line -> assertThat(line).isEqualTo("  /height: must be 32 for emoji-32, is 9"),
            line -> assertThat(line).startsWith(noise + ": rejected (invalid): is not JSON: "));
    assertThat(err.toString()).contains("good: started, ", "own: started, ");
    assertThat(Path.of(out.toString().lines().skip(1).findFirst().orElseThrow().strip()))
        .isRegularFile();
  }

  @Test
  void aRenderUsesNoMoreThanTheConfiguredHeap() throws IOException {
    Path large = request("large", "\"class_label\":\"ball\",\"num_images\":9");
    System.setProperty("darkroom.memory.images", "100000");
    try {
      assertThat(run("render", "--models", STARTER.resolve("emoji-32"), "-o", folder, large))
          .isEqualTo(1);
    } finally {
      System.clearProperty("darkroom.memory.images");
    }
    assertThat(out.toString())
        .contains("one running image and all finished images: must be at most 100000, are 184320");
  }

  @Test
  void anExistingResultIsNotRenderedAgain() throws IOException {
    Path good = request("good", "\"class_label\":\"ball\"");
    Object[] args = {
      "render", "--models", STARTER.resolve("emoji-32"), "-o", folder.resolve("results"), good
    };
    assertThat(run(args)).isZero();
    out.getBuffer().setLength(0);

    assertThat(run(args)).isZero();
    assertThat(out.toString()).startsWith(good + ": completed, from the stored result");
  }

  private Path request(String id, String more) throws IOException {
    return Files.writeString(
        folder.resolve(id + ".json"),
        "{\"id\":\"%s\",\"kind\":\"generate\",\"model\":\"emoji-32\",\"num_inference_steps\":1,%s}"
            .formatted(id, more));
  }

  private void copy(String starter, String name) throws IOException {
    Path from = STARTER.resolve(starter);
    Path to = folder.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(file -> copy(file, to.resolve(from.relativize(file).toString())));
    }
  }

  private static void copy(Path file, Path copy) {
    try {
      Files.createDirectories(copy.getParent());
      if (Files.isRegularFile(file)) {
        Files.copy(file, copy);
      } else {
        Files.createDirectories(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
