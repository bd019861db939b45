package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the folder for a machine without Maven contains all files that its two programs need.
 */
public class MeasuringFolderIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final int SECONDS = 240;

  @TempDir Path folder;

  @Test
  void theSelfTestRunsWithoutQuarkus() throws Exception {
    Path report = folder.resolve("selftest.json");

    String said =
        run(
            Map.of("MODELS", "src/main/models/emoji-64"),
            "selftest",
            "--device=cpu",
            "--rows-per-call=2",
            "--report=" + report);

    assertThat(said)
        .contains("emoji-64: exact with 1-2 rows per call")
        .contains("passed, report in");
    assertThat(Files.readString(report)).contains("\"passed\":true");
  }

  @Test
  void theBenchmarkRunsWithoutQuarkus() throws Exception {
    String said =
        run(
            Map.of("DEVICE", "cpu", "BENCH", "--quick", "PARTS", "reference,noise"),
            "measure",
            folder.toString());

    assertThat(said).contains("Noise drawn by other threads").contains("results and charts: ");
    assertThat(Files.readString(folder.resolve("bench.json"))).contains("\"name\" : \"cpu\"");
  }

  @Test
  void theFolderHasNoBrokerStoreOrServerLibraries() throws IOException {
    try (Stream<Path> jars = Files.list(TARGET.resolve("gpu/lib"))) {
      assertThat(jars.map(jar -> jar.getFileName().toString()))
          .isNotEmpty()
          .noneMatch(jar -> jar.matches("(quarkus|kafka|s3|netty|vertx|onnxruntime|junit)-.*"));
    }
  }

  /** Returns the output of a program of the folder, which must end with status 0. */
  private static String run(Map<String, String> environment, String program, String... arguments)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("child", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(TARGET.resolve("gpu").resolve(program).toString()),
                    Stream.of(arguments))
                .toList());
    builder.environment().putAll(environment);
    builder.environment().put("ORT_JAR", onnxRuntime().toString());
    builder
        .environment()
        .merge("PATH", Path.of(Jvm.program("java")).getParent() + ":", (path, java) -> java + path);
    Process process =
        builder
            .directory(TARGET.resolve("gpu").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(log);
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
      Files.delete(log);
    }
  }

  /** The jar that the machine provides; here that of the packaged worker. */
  private static Path onnxRuntime() throws IOException {
    try (Stream<Path> jars = Files.list(TARGET.resolve("quarkus-app/lib/main"))) {
      List<Path> found =
          jars.filter(jar -> jar.getFileName().toString().contains(".onnxruntime-")).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }
}
