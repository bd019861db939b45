package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run of {@link FuzzRun} in a JVM with a small heap. The longer one: {@code mvn -q
 * -DskipTests package exec:exec@fuzz -Dfuzz.seed=7 -Dfuzz.seconds=60}
 */
class FuzzTest {
  private static final String HEAP = "-Xmx256m";

  @Test
  void everyMessageHasOneOutcomeAndLeavesTheWorkerUsable(@TempDir Path folder) throws Exception {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path log = folder.resolve("log");
    Process run =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    HEAP,
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Djava.awt.headless=true",
                    "-Ddarkroom.limits.work=2000000",
                    "-Ddarkroom.engine.profile=0s",
                    "-cp",
                    path,
                    FuzzRun.class.getName(),
                    folder.toString(),
                    "1",
                    "1"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(run.waitFor(5, TimeUnit.MINUTES)).as("ended in time").isTrue();
    } finally {
      run.destroyForcibly();
    }
    String said = Files.readString(log);
    assertThat(run.exitValue()).as(said).isZero();
    assertThat(said).contains("completed ", "rejected invalid", "failed input");
  }
}
