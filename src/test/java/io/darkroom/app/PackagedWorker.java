package io.darkroom.app;

import io.darkroom.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged worker as a process, without a broker or store at its addresses. */
record PackagedWorker(Process process, Path log) implements AutoCloseable {

  static PackagedWorker start(Path log, Map<String, String> settings) throws IOException {
    return start(log, settings, Map.of());
  }

  static PackagedWorker start(
      Path log, Map<String, String> settings, Map<String, String> environment) throws IOException {
    List<String> command = Jvm.java();
    command.add("-Ddarkroom.kafka.bootstrap-servers=localhost:1");
    command.add("-Ddarkroom.s3.endpoint=http://localhost:1");
    command.add("-Ddarkroom.s3.access-key-id=local");
    command.add("-Ddarkroom.s3.secret-access-key=hush-hush");
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-jar", System.getProperty("darkroom.jar")));
    ProcessBuilder worker = new ProcessBuilder(command);
    worker.environment().putAll(environment);
    return new PackagedWorker(
        worker.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
  }

  /** Waits for the end; returns whether it came in time. */
  boolean ends() throws InterruptedException {
    return process.waitFor(3, TimeUnit.MINUTES);
  }

  /** Returns its output so far. */
  String printed() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
