package io.darkroom.docs;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.MeasuringFolderIT;
import io.darkroom.app.cli.CommandLines;
import io.darkroom.app.cli.CommandsTest;
import io.darkroom.app.cli.ConsoleCommandTest;
import io.darkroom.app.cli.ExporterCommandTest;
import io.darkroom.app.cli.RedriveCommandTest;
import io.darkroom.app.cli.ReplayCommandTest;
import io.darkroom.app.cli.SetupCommandTest;
import io.darkroom.app.cli.SimulateCommandTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every command of the pages is a line of a script in {@code .ci}, or a test runs it. {@code
 * .ci/run} is the gate of each change; {@code .ci/docs} takes about an hour and runs before a
 * release.
 */
class DocumentedCommandsTest {
  private static final List<Path> SCRIPTS = List.of(Path.of(".ci/run"), Path.of(".ci/docs"));
  private static final String END = "\n";

  /** The packaged worker; the name of a command may follow. */
  private static final String PROGRAM = "java -jar target/quarkus-app/quarkus-run.jar";

  /** A command's beginning -> the test that runs the command. */
  private static final Map<String, Class<?>> TESTS =
      Map.ofEntries(
          entry("export DARKROOM_", DocumentedWorkerIT.class),
          entry(PROGRAM + END, DocumentedWorkerIT.class),
          entry(PROGRAM + " setup", SetupCommandTest.class),
          entry(PROGRAM + " replay", ReplayCommandTest.class),
          entry(PROGRAM + " verify", ReplayCommandTest.class),
          entry(PROGRAM + " compare", ReplayCommandTest.class),
          entry(PROGRAM + " selftest", CommandsTest.class),
          entry(PROGRAM + " redrive", RedriveCommandTest.class),
          entry(PROGRAM + " exporter", ExporterCommandTest.class),
          entry(PROGRAM + " simulate --trace", SimulateCommandTest.class),
          entry(PROGRAM + " console", ConsoleCommandTest.class),
          entry("java -XX:ArchiveClassesAtExit=", DocumentedWorkerIT.class),
          entry("java -XX:SharedArchiveFile=", DocumentedWorkerIT.class),
          entry("openssl", DocumentedToolsTest.class),
          entry("kcat", DocumentedToolsTest.class),
          entry("ORT_JAR=onnxruntime_gpu.jar target/gpu/", MeasuringFolderIT.class));

  @Test
  void everyCommandIsRunByCiOrByATest() throws IOException {
    Set<String> run = run();
    Set<String> commands = commands();

    assertThat(commands).hasSizeGreaterThan(15).contains("mvn -B verify");
    assertThat(commands).filteredOn(command -> !starts(command, TESTS.keySet())).isSubsetOf(run);
  }

  @Test
  void theProgramKnowsEveryOption() throws IOException {
    List<String> programs =
        commands().stream().filter(command -> command.startsWith(PROGRAM + " ")).toList();

    assertThat(programs).hasSizeGreaterThan(4);
    assertThat(programs)
        .allSatisfy(
            command -> CommandLines.parse(command.substring(PROGRAM.length()).strip().split(" +")));
  }

  @Test
  void noEntryOfTheListsIsStale() throws IOException {
    Set<String> commands = commands();

    assertThat(TESTS.keySet())
        .allSatisfy(start -> assertThat(commands).anyMatch(c -> (c + END).startsWith(start)));
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
    return beginnings.stream().anyMatch((command + END)::startsWith);
  }

  private static String withoutComment(String line) {
    return line.replaceAll("\\s+#.*", "").strip();
  }
}
