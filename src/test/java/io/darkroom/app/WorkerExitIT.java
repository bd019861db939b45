package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged worker, as a process of its own. */
class WorkerExitIT {
  @TempDir Path folder;

  @Test
  void aWorkerThatFailsEndsWithStatus1AndSaysWhy() throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path models = Files.createDirectory(folder.resolve("models"));
    Process worker =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dquarkus.http.port=0",
                    "-Ddarkroom.kafka.bootstrap-servers=localhost:1",
                    "-Ddarkroom.models=" + models,
                    "-Ddarkroom.s3.access-key-id=local",
                    "-Ddarkroom.s3.secret-access-key=hush-hush",
                    "-jar",
                    System.getProperty("darkroom.jar")))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(worker.waitFor(3, TimeUnit.MINUTES)).as("ended").isTrue();
      assertThat(Files.readString(output))
          .contains("worker ends reason=\"no model package is served")
          .containsOnlyOnce(" darkroom.engine.rows-per-call=8 ")
          .contains("darkroom.s3.secret-access-key=***")
          .doesNotContain("hush-hush");
      assertThat(worker.exitValue()).isEqualTo(1);
    } finally {
      worker.destroyForcibly();
    }
  }
}
