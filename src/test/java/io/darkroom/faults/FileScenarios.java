package io.darkroom.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Faults of the files of workers: packages that differ, and a full folder. */
final class FileScenarios {
  private static final Path MODELS = Path.of("src/main/models");
  private static final String CONFIG = "emoji-32/scheduler/scheduler_config.json";

  /** Seeds of no other scenario, each several times. */
  private static final int SEEDS = 4;

  private static final long FIRST_SEED = 3_000_000;
  private static final int STEPS = 100;
  private static final int DOWN_SECONDS = 5;

  private final FaultStack stack;
  private final int requests;

  FileScenarios(FaultStack stack, int requests) {
    this.stack = stack;
    this.requests = requests;
  }

  /**
   * Two workers whose packages have one name and different scheduler configurations. Each is
   * interrupted once, and the other one renders its requests again with its own package.
   */
  void twoDigests(ScenarioRequests batch) throws Exception {
    leaveOne();
    stack.join(
        Map.of(
            "DARKROOM_MODELS",
            otherPackage().toString(),
            // Running requests are left to the other worker, with a checkpoint.
            "DARKROOM_SHUTDOWN_GRACE",
            "0s"));
    stack.awaitServing();
    publish(batch);
    batch.awaitEnded(requests / 8);
    batch.fault(stack.oldest());
    stack.kill();
    stack.join();
    stack.awaitServing();
    publish(batch);
    batch.fault(stack.oldest());
    stack.leave();
    batch.awaitEnded(batch.size());
    batch.check(batch.packages().size() == 2, "both packages must be used: " + batch.packages());
    stack.join();
    stack.awaitServing();
  }

  private void publish(ScenarioRequests batch) throws Exception {
    for (int i = 0; i < requests; i++) {
      batch.publish(Integer.toString(batch.size()), FIRST_SEED + i % SEEDS, 1, STEPS);
    }
  }

  private Path otherPackage() throws IOException {
    Path copy = Files.createTempDirectory(stack.folder(), "models-");
    try (Stream<Path> files = Files.walk(MODELS.resolve("emoji-32"))) {
      for (Path file : files.toList()) {
        Path to = copy.resolve(MODELS.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    Path config = copy.resolve(CONFIG);
    String text = Files.readString(config);
    String changed = text.replace("\"clip_sample_range\": 1.0", "\"clip_sample_range\": 0.5");
    if (changed.equals(text)) {
      throw new IllegalStateException(config + ": clip_sample_range is not in it");
    }
    Files.writeString(config, changed);
    return copy;
  }

  /** The disk of the spool is full while the store is down. Needs the right to mount. */
  void fullDisk(ScenarioRequests batch) throws Exception {
    Path disk = Files.createDirectories(stack.folder().resolve("full"));
    if (run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()) != 0) {
      System.out.println("full disk: left out, because no file system can be mounted here");
      return;
    }
    try {
      leaveOne();
      stack.join(Map.of("DARKROOM_SPOOL_FOLDER", disk.resolve("spool").toString()));
      stack.awaitServing();
      stack.leave();
      batch.publish(requests);
      batch.awaitEnded(1);
      fill(disk.resolve("filler"));
      batch.fault();
      stack.proxy().rule(request -> new FaultProxy.Fault.Reset());
      TimeUnit.SECONDS.sleep(DOWN_SECONDS);
      stack.proxy().rule(request -> FaultProxy.Fault.NONE);
      batch.awaitEnded(requests);
      stack.join();
      stack.awaitServing();
      stack.leave();
    } finally {
      run("umount", "--lazy", disk.toString());
    }
    stack.join();
    stack.awaitServing();
  }

  private static void fill(Path file) throws IOException {
    byte[] block = "full".repeat(256).getBytes(StandardCharsets.US_ASCII);
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (Files.size(file) == 0) {
        throw full;
      }
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(List.of(command))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private void leaveOne() {
    while (stack.workers() > 1) {
      stack.leave();
    }
  }
}
