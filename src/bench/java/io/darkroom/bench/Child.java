package io.darkroom.bench;

import io.darkroom.Jvm;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A Java process that is measured from its start; its output goes to a log. */
final class Child implements AutoCloseable {
  private static final long STOP_SECONDS = 40;
  private static final long TIMEOUT_SECONDS = 180;

  private final Process process;
  private final long begin;
  private final Map<String, CompletableFuture<Long>> marks = new ConcurrentHashMap<>();

  private Child(Process process, long begin) {
    this.process = process;
    this.begin = begin;
  }

  /**
   * Starts a process.
   *
   * @param arguments arguments of {@code java}
   * @param marks texts to find in its output
   */
  static Child start(
      List<String> arguments, Map<String, String> environment, Path log, List<String> marks)
      throws IOException {
    List<String> command = Jvm.java();
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    long begin = System.nanoTime();
    Child child = new Child(builder.start(), begin);
    marks.forEach(mark -> child.marks.put(mark, new CompletableFuture<>()));
    Thread reader = new Thread(() -> child.read(log), "child-output");
    reader.setDaemon(true);
    reader.start();
    return child;
  }

  /** Returns the time from the start of the process to the line with the mark. */
  Duration reached(String mark) throws Exception {
    return Duration.ofNanos(marks.get(mark).get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
  }

  Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Returns the CPU time of all its threads. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  private void read(Path log) {
    try (BufferedReader lines = process.inputReader();
        BufferedWriter out = Files.newBufferedWriter(log, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        mark(line);
        out.write(line);
        out.newLine();
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      IllegalStateException ended = new IllegalStateException("a process ended; its log: " + log);
      marks.values().forEach(mark -> mark.completeExceptionally(ended));
    }
  }

  private void mark(String line) {
    long nanos = System.nanoTime() - begin;
    marks.forEach(
        (mark, reached) -> {
          if (line.contains(mark)) {
            reached.complete(nanos);
          }
        });
  }

  /** Stops it with SIGTERM, and with SIGKILL if that takes too long. */
  @Override
  public void close() {
    // Process.destroy() would also close its output.
    process.toHandle().destroy();
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
