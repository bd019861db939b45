package io.darkroom.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged worker as a process of its own, with no broker and no store behind its addresses.
 */
record PackagedWorker(Process process, Path log) implements AutoCloseable {

  static PackagedWorker start(Path log, Map<String, String> settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Ddarkroom.kafka.bootstrap-servers=localhost:1");
    command.add("-Ddarkroom.s3.endpoint=http://localhost:1");
    command.add("-Ddarkroom.s3.access-key-id=local");
    command.add("-Ddarkroom.s3.secret-access-key=hush-hush");
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-jar", System.getProperty("darkroom.jar")));
    ProcessBuilder worker = new ProcessBuilder(command);
    return new PackagedWorker(
        worker.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
  }

  /** Waits for the end; true where it came in time. */
  boolean ends() throws InterruptedException {
    return process.waitFor(3, TimeUnit.MINUTES);
  }

  /** What it has printed so far. */
  String printed() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
