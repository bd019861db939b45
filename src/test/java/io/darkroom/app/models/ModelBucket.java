package io.darkroom.app.models;

import io.darkroom.LocalS3;
import io.darkroom.model.BrokenPackage;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.RetryPolicy;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import io.darkroom.s3.S3Objects;
import io.darkroom.s3.S3Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of packages in an S3 server, and workers that read it into a cache. */
final class ModelBucket implements AutoCloseable {
  static final ObjectUri SERVED = ObjectUri.parse("s3://models/served/");
  static final RetryPolicy ONCE =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO);

  private static final String BUCKET = "models";

  private final LocalS3 server;
  private final S3Client client;

  ModelBucket(Path folder) throws Exception {
    server = new LocalS3(folder, 0);
    server.createBucket(BUCKET);
    client = S3Clients.open(server.settings());
  }

  /** A worker that reads the bucket: its folders and its log lines. */
  record Reader(ModelFolders folders, List<String> lines) implements AutoCloseable {

    LocatedModels read(String... sources) throws Exception {
      return folders.locate(Stream.of(sources).map(ModelSource::of).toList());
    }

    /** Returns the number of downloads that it began. */
    long downloads() {
      return lines.stream().filter(line -> line.startsWith("package download begins")).count();
    }

    @Override
    public void close() throws IOException {
      folders.close();
    }
  }

  /** Returns the messages of the packages that are not served. */
  static List<String> messages(LocatedModels located) {
    return located.broken().stream().map(BrokenPackage::getMessage).toList();
  }

  Reader reader(Path cache, long maxBytes) {
    return reader(client, cache, maxBytes, Clock.systemUTC());
  }

  Reader reader(Path cache, long maxBytes, Clock clock) {
    return reader(client, cache, maxBytes, clock);
  }

  static Reader reader(S3Client client, Path cache, long maxBytes, Clock clock) {
    List<String> lines = new CopyOnWriteArrayList<>();
    ModelFolders folders =
        new ModelFolders(
            () -> new S3Objects(new S3Access(client, S3Options.DEFAULT)),
            new BucketSettings(cache, maxBytes, ONCE, ONCE),
            clock,
            System::nanoTime,
            new ModelFolders.Report(lines::add, lines::add));
    return new Reader(folders, lines);
  }

  void put(String key, String text) {
    put(key, text.getBytes(StandardCharsets.UTF_8));
  }

  void put(String key, byte[] bytes) {
    new S3ObjectStore(client).put(SERVED.child(key), bytes, "application/octet-stream");
  }

  void delete(String key) {
    new S3ObjectStore(client).delete(SERVED.child(key));
  }

  /** Puts all files of a package. */
  void put(String name, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        put(name + "/" + folder.relativize(file), Files.readAllBytes(file));
      }
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
