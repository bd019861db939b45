package io.darkroom.demo;

import io.darkroom.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged worker as a process. */
public final class WorkerProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 40;

  private final Process process;
  private final Path log;

  private WorkerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Checks that a worker is built.
   *
   * @throws DemoFailure if it is missing
   */
  static void check(Path jar) {
    if (!Files.isRegularFile(jar)) {
      throw new DemoFailure("worker: there is no " + jar + "; mvn package builds it");
    }
  }

  /**
   * Starts the worker.
   *
   * @param jar {@code quarkus-run.jar}, or a program that runs a worker
   * @param environment its configuration
   * @param log file for its output, which is overwritten
   */
  public static WorkerProcess start(Path jar, Map<String, String> environment, Path log)
      throws IOException {
    check(jar);
    ProcessBuilder builder =
        new ProcessBuilder(command(jar)).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new WorkerProcess(builder.start(), log);
  }

  private static List<String> command(Path worker) {
    if (!worker.toString().endsWith(".jar")) {
      return List.of(worker.toAbsolutePath().toString());
    }
    List<String> command = Jvm.java();
    command.addAll(List.of("-Djava.awt.headless=true", "-jar", worker.toString()));
    return command;
  }

  /**
   * Checks that it runs.
   *
   * @throws DemoFailure if it has ended
   */
  void check() {
    if (!process.isAlive()) {
      throw new DemoFailure(
          "the worker ended with status " + process.exitValue() + "; its log is " + log);
    }
  }

  /** Returns the id of the process. */
  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Waits until it ends. */
  void await() throws InterruptedException {
    process.waitFor();
  }

  /** Returns the exit status: 128 plus the number of the signal if a signal ended it. */
  public int status() {
    return process.exitValue();
  }

  /** Returns its last lines. */
  List<String> tail(int lines) throws IOException {
    List<String> all = Files.readAllLines(log);
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  /** Kills it at once, as a failing machine does. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Stops it with SIGTERM, and with SIGKILL if that takes too long. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
