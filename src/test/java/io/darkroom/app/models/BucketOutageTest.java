package io.darkroom.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.LocalS3;
import io.darkroom.Ports;
import io.darkroom.render.RetryPolicy;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3Objects;
import io.darkroom.s3.S3Options;
import io.darkroom.s3.S3Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** A store that does not answer when a worker starts. */
class BucketOutageTest {
  private static final RetryPolicy PATIENT =
      new RetryPolicy(Duration.ofMillis(50), Duration.ofMillis(50), RetryPolicy.UNLIMITED);

  @TempDir Path root;
  private final int port = Ports.take("S3", Ports.ANY);
  private final List<String> problems = new CopyOnWriteArrayList<>();

  private ModelFolders folders(S3Client client, RetryPolicy listing) {
    return new ModelFolders(
        () -> new S3Objects(new S3Access(client, S3Options.DEFAULT)),
        new BucketSettings(root.resolve("cache"), 1 << 20, listing, ModelBucket.ONCE),
        Clock.systemUTC(),
        System::nanoTime,
        new ModelFolders.Report(line -> {}, problems::add));
  }

  private S3Client client() {
    return S3Clients.open(
        new S3Settings(
            Optional.of(URI.create("http://127.0.0.1:" + port)),
            "eu-central-1",
            true,
            Optional.of(LocalS3.KEYS),
            Optional.empty(),
            Duration.ofSeconds(5),
            1));
  }

  private static CompletableFuture<LocatedModels> locate(ModelFolders folders) {
    CompletableFuture<LocatedModels> located = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                located.complete(folders.locate(List.of(ModelSource.of("s3://models/served/"))));
              } catch (Exception failure) {
                located.completeExceptionally(failure);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return located;
  }

  private void awaitProblem(ModelFolders folders) throws InterruptedException {
    while (folders.problem().isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void theWorkerWaitsForTheStore() throws Exception {
    Files.createDirectories(root.resolve("s3/models")); // a bucket of the server
    try (S3Client client = client();
        ModelFolders folders = folders(client, PATIENT)) {
      CompletableFuture<LocatedModels> located = locate(folders);
      awaitProblem(folders);
      assertThat(problems)
          .singleElement()
          .satisfies(
              line ->
                  assertThat(line)
                      .startsWith(
                          "reading model packages fails reason=\"s3://models/served/: cannot be"
                              + " listed: "));
      try (LocalS3 server = new LocalS3(root.resolve("s3"), port)) {
        assertThat(located.get(30, TimeUnit.SECONDS).folders()).isEmpty();
        assertThat(folders.problem()).isEmpty();
        assertThat(server.endpoint().getPort()).isEqualTo(port);
      }
    }
  }

  @Test
  void closingEndsTheWait() throws Exception {
    try (S3Client client = client()) {
      ModelFolders folders = folders(client, PATIENT);
      CompletableFuture<LocatedModels> located = locate(folders);
      awaitProblem(folders);

      folders.close();

      assertThatThrownBy(() -> located.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void aCommandDoesNotWait() throws Exception {
    try (S3Client client = client();
        ModelFolders folders = folders(client, ModelBucket.ONCE)) {
      assertThatThrownBy(() -> folders.locate(List.of(ModelSource.of("s3://models/served"))))
          .isInstanceOf(UnusableModels.class)
          .hasMessageStartingWith("s3://models/served/: cannot be listed: ");
    }
  }
}
