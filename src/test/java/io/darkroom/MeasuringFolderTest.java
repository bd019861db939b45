package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is carried to a machine without Maven starts there: the jars that the POM names are all. */
public class MeasuringFolderTest {
  private static final Pattern NAMES = Pattern.compile("<gpu\\.(?:jars|unpacked)>(.+?)</gpu");
  private static final int SECONDS = 240;

  @TempDir Path folder;

  @Test
  void theSelfTestRunsWithoutQuarkus() throws Exception {
    Path report = folder.resolve("selftest.json");

    String said =
        run("io.darkroom.app.Main", "selftest", "--device=cpu", "--rows-per-call=2")
            .with("--models=src/main/models/emoji-64")
            .with("--report=" + report)
            .output();

    assertThat(said).contains("emoji-64: exact with 1-2 rows a call").contains("passed, report in");
    assertThat(Files.readString(report)).contains("\"passed\":true");
  }

  @Test
  void theBenchmarkRunsWithoutQuarkus() throws Exception {
    String said =
        run("io.darkroom.Bench", "--quick", "--parts=reference,noise", "--device=cpu")
            .with("--output=" + folder)
            .output();

    assertThat(said).contains("Noise drawn by other threads").contains("results and charts: ");
    assertThat(Files.readString(folder.resolve("bench.json"))).contains("\"name\" : \"cpu\"");
  }

  private static Child run(String program, String... arguments) throws IOException {
    List<String> command = Jvm.java();
    command.addAll(List.of("-Xmx512m", "-Djava.awt.headless=true", "-cp", classPath(), program));
    command.addAll(List.of(arguments));
    return new Child(command);
  }

  /** A process that is about to start. */
  private record Child(List<String> command) {
    Child with(String argument) {
      return new Child(Stream.concat(command.stream(), Stream.of(argument)).toList());
    }

    /** What it says until it ends well. */
    String output() throws IOException, InterruptedException {
      Path log = Files.createTempFile("child", ".log");
      Process process =
          new ProcessBuilder(command)
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
  }

  /** The project's classes, ONNX Runtime, and of all jars of the tests those that the POM names. */
  private static String classPath() throws IOException {
    List<String> path = new ArrayList<>(List.of("target/classes", "target/test-classes"));
    path.add(jar("onnxruntime").orElseThrow());
    Matcher names = NAMES.matcher(Files.readString(Path.of("pom.xml")));
    while (names.find()) {
      for (String artifact : names.group(1).split(",", -1)) {
        path.add(jar(artifact).orElseThrow(() -> new AssertionError(artifact + ": is no jar")));
      }
    }
    return String.join(File.pathSeparator, path);
  }

  private static Optional<String> jar(String artifact) {
    Pattern file = Pattern.compile(".*/" + Pattern.quote(artifact) + "-\\d[^/]*\\.jar");
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(jar -> file.matcher(jar).matches() && !jar.contains("/tools/jackson/"))
        .findFirst();
  }
}
