package io.darkroom.app.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.Jvm;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageCacheTest {
  private static final int BYTES = 1000;
  private static final long WAIT_NANOS = 10_000_000;
  private static final long ROOM_FOR_TWO = 2 * BYTES + 1;
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path root;
  private Path cache;
  private ModelBucket bucket;

  @BeforeEach
  void openBucket() throws Exception {
    cache = root.resolve("cache");
    bucket = new ModelBucket(root.resolve("s3"));
    for (String prefix : List.of("a", "b", "c")) {
      bucket.put(prefix + "/pack-" + prefix + "/model.onnx", new byte[BYTES]);
    }
  }

  @AfterEach
  void closeBucket() {
    bucket.close();
  }

  private static String prefix(String name) {
    return ModelBucket.SERVED + name;
  }

  /** Reads prefixes as a worker that starts some minutes after noon and ends. */
  private LocatedModels read(int minutes, String... sources) throws Exception {
    try (ModelBucket.Reader reader = reader(minutes)) {
      return reader.read(sources);
    }
  }

  private ModelBucket.Reader reader(int minutes) {
    Instant now = NOON.plus(Duration.ofMinutes(minutes));
    return bucket.reader(cache, ROOM_FOR_TWO, Clock.fixed(now, ZoneOffset.UTC));
  }

  private List<String> cached() throws Exception {
    try (Stream<Path> folders = Files.walk(cache, 2)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.startsWith("pack-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void theLeastRecentlyUsedPackageIsRemoved() throws Exception {
    read(0, prefix("a"));
    read(1, prefix("b"));
    read(2, prefix("a"));
    read(3, prefix("c"));

    assertThat(cached()).containsExactly("pack-a", "pack-c");
  }

  @Test
  void aCachedPackageThatTheWorkerOpensIsNotRemovedForAnother() throws Exception {
    read(0, prefix("a"));
    read(1, prefix("b"));
    try (ModelBucket.Reader reader = reader(2)) {
      assertThat(reader.read(prefix("c"), prefix("a")).folders()).hasSize(2);
      assertThat(reader.downloads()).isEqualTo(1);
    }
    assertThat(cached()).containsExactly("pack-a", "pack-c");
  }

  @Test
  void aPackageThatDoesNotFitIsRefusedAndTheOthersAreLocated() throws Exception {
    LocatedModels located = read(0, prefix("a"), prefix("b"), prefix("c"));

    assertThat(located.folders()).hasSize(2);
    assertThat(ModelBucket.messages(located))
        .containsExactly(
            "pack-c: .: does not fit into the cache: darkroom.models-cache.bytes is 2001, the"
                + " package has 1000 bytes and packages in use have 2000 bytes");
  }

  @Test
  void aPackageThatIsLargerThanTheCacheRemovesNothing() throws Exception {
    read(0, prefix("a"));
    bucket.put("large/pack-large/model.onnx", new byte[3 * BYTES]);

    assertThat(ModelBucket.messages(read(1, prefix("large"))))
        .containsExactly(
            "pack-large: .: does not fit into the cache: darkroom.models-cache.bytes is 2001, the"
                + " package has 3000 bytes");
    assertThat(cached()).containsExactly("pack-a");
  }

  @Test
  void onlyOneOfTwoConcurrentLoadersDownloads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<ModelBucket.Reader> readers = List.of(reader(0), reader(0));
    try {
      List<Callable<LocatedModels>> reads = new ArrayList<>();
      readers.forEach(reader -> reads.add(() -> reader.read(prefix("a"), prefix("b"))));
      List<LocatedModels> both = new ArrayList<>();
      for (Future<LocatedModels> each : threads.invokeAll(reads)) {
        both.add(each.get());
      }

      assertThat(both.get(0)).isEqualTo(both.get(1));
      assertThat(both.get(0).folders()).hasSize(2);
      assertThat(readers.stream().mapToLong(ModelBucket.Reader::downloads).sum()).isEqualTo(2);
    } finally {
      threads.shutdownNow();
      for (ModelBucket.Reader reader : readers) {
        reader.close();
      }
    }
  }

  @Test
  void aPackageThatAnotherProcessUsesIsNotRemoved() throws Exception {
    Path entry = read(0, prefix("a")).folders().get(0);
    read(1, prefix("b"));
    Process other = process(PackageUser.USES, entry.resolve(".lock"));
    try (BufferedReader said = other.inputReader()) {
      assertThat(said.readLine()).isEqualTo(PackageUser.USES);

      read(2, prefix("c"));

      assertThat(cached()).containsExactly("pack-a", "pack-c");
    } finally {
      other.destroy();
      other.waitFor();
    }
    read(3, prefix("b"));
    assertThat(cached()).as("its process has ended").containsExactly("pack-b", "pack-c");
  }

  @Test
  void aDownloadWaitsForThatOfAnotherProcess() throws Exception {
    read(0, prefix("a"));
    Process other = process(PackageUser.WRITES, cache.resolve(".lock"));
    try (BufferedReader said = other.inputReader();
        ModelBucket.Reader reader = reader(1)) {
      assertThat(said.readLine()).isEqualTo(PackageUser.WRITES);
      assertThat(reader.read(prefix("a")).folders()).as("no download, no wait").hasSize(1);

      Thread end = new Thread(() -> endWhenWaiting(other, reader));
      end.start();
      assertThat(reader.read(prefix("b")).folders()).hasSize(1);

      end.join();
      assertThat(reader.lines().get(0)).startsWith("waiting for another process that downloads");
    } finally {
      other.destroy();
      other.waitFor();
    }
  }

  private static void endWhenWaiting(Process other, ModelBucket.Reader reader) {
    while (reader.lines().isEmpty()) {
      LockSupport.parkNanos(WAIT_NANOS);
    }
    other.destroy();
  }

  private static Process process(String does, Path lock) throws Exception {
    List<String> command = Jvm.java();
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            PackageUser.class.getName(),
            does,
            lock.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
