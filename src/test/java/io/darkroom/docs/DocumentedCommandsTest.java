package io.darkroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.MeasuringFolderIT;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every command of the pages is a line of a script in {@code .ci}, or a test runs it. {@code
 * .ci/run} is the gate of each change; {@code .ci/docs} takes about an hour and runs before a
 * release.
 */
class DocumentedCommandsTest {
  private static final List<Path> SCRIPTS = List.of(Path.of(".ci/run"), Path.of(".ci/docs"));

  /** A command's beginning -> the test that runs the command. */
  private static final Map<String, Class<?>> TESTS =
      Map.of(
          "export DARKROOM_", DocumentedWorkerIT.class,
          "java -jar target/quarkus-app/quarkus-run.jar", DocumentedWorkerIT.class,
          "java -XX:ArchiveClassesAtExit=", DocumentedWorkerIT.class,
          "java -XX:SharedArchiveFile=", DocumentedWorkerIT.class,
          "ORT_JAR=onnxruntime_gpu.jar target/gpu/", MeasuringFolderIT.class);

  /** A command's beginning -> why neither CI nor a test can run it. */
  private static final Map<String, String> MANUAL =
      Map.of(
          "pip install \"optimum[onnxruntime]\"", "downloads packages of several gigabytes",
          "optimum-cli export onnx", "needs a checkpoint",
          "kafka-topics.sh", "needs the tools of Kafka",
          "openssl", "needs OpenSSL",
          "kcat", "needs kcat",
          "mvn -q -DskipTests package exec:exec@faults", "takes several minutes");

  @Test
  void everyCommandIsRunByCiOrByATest() throws IOException {
    Set<String> run = run();
    Set<String> commands = commands();

    assertThat(commands).hasSizeGreaterThan(15).contains("mvn -B verify");
    assertThat(commands)
        .filteredOn(command -> !starts(command, TESTS.keySet()))
        .filteredOn(command -> !starts(command, MANUAL.keySet()))
        .isSubsetOf(run);
  }

  @Test
  void noEntryOfTheListsIsStale() throws IOException {
    Set<String> commands = commands();

    assertThat(Stream.concat(TESTS.keySet().stream(), MANUAL.keySet().stream()))
        .allSatisfy(start -> assertThat(commands).anyMatch(c -> c.startsWith(start)));
  }

  private static Set<String> commands() throws IOException {
    return Page.documentation().stream()
        .flatMap(page -> page.blocks().stream())
        .filter(block -> block.language().equals("sh"))
        .flatMap(block -> block.text().lines())
        .map(DocumentedCommandsTest::withoutComment)
        .collect(Collectors.toSet());
  }

  private static Set<String> run() {
    Set<String> lines = new HashSet<>();
    for (Path script : SCRIPTS) {
      Page.read(script)
          .text()
          .lines()
          .map(line -> line.strip().replace("-ntp ", ""))
          .forEach(lines::add);
    }
    return lines;
  }

  private static boolean starts(String command, Set<String> beginnings) {
    return beginnings.stream().anyMatch(command::startsWith);
  }

  private static String withoutComment(String line) {
    return line.replaceAll("\\s+#.*", "").strip();
  }
}
