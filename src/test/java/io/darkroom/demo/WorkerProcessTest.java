package io.darkroom.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerProcessTest {
  @TempDir Path folder;

  @Test
  void aMissingWorkerIsNamed() {
    Path jar = folder.resolve("quarkus-run.jar");

    assertThatThrownBy(() -> WorkerProcess.start(jar, Map.of(), folder.resolve("log")))
        .isInstanceOf(DemoFailure.class)
        .hasMessage("worker: there is no " + jar + "; mvn package builds it");
  }

  @Test
  void aWorkerThatEndsIsReportedWithItsLog() throws Exception {
    Path jar = Files.write(folder.resolve("broken.jar"), new byte[] {1});
    Path log = folder.resolve("worker.log");

    try (WorkerProcess worker = WorkerProcess.start(jar, Map.of(), log)) {
      worker.await();

      assertThatThrownBy(worker::check)
          .isInstanceOf(DemoFailure.class)
          .hasMessage("the worker ended with status 1; its log is " + log);
      assertThat(worker.tail(40)).anyMatch(line -> line.contains("broken.jar"));
      assertThat(worker.tail(0)).isEmpty();
    }
  }
}
