package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.PermissionCheck;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3Listing;
import io.darkroom.s3.S3ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The store with the original results: the configured object store, or a folder that the command
 * {@code render} has written. Safe for use by many threads.
 */
final class Originals implements AutoCloseable {
  private final ObjectStore store;
  private final @Nullable Path folder;
  private final @Nullable S3Client client;
  private final @Nullable S3Access access;

  private Originals(Path folder) {
    this.store = new FolderStore(folder);
    this.folder = folder;
    this.client = null;
    this.access = null;
  }

  private Originals(S3Client client, S3Access access) {
    this.store = new S3ObjectStore(access);
    this.folder = null;
    this.client = client;
    this.access = access;
  }

  /**
   * Opens the store.
   *
   * @param folder folder to use instead of the configured store; null for the configured store
   * @throws IOException if there is no such folder
   */
  static Originals open(DarkroomConfig config, @Nullable Path folder) throws IOException {
    if (folder != null && !Files.isDirectory(folder)) {
      throw new IOException("--store: must be a folder, is " + folder);
    }
    if (folder != null) {
      return new Originals(folder);
    }
    S3Client client = S3Clients.open(Configured.s3(config.s3()));
    return new Originals(client, new S3Access(client, Configured.s3Options(config.s3())));
  }

  /** Returns the prefix of the results of requests without {@code output.prefix}. */
  ObjectUri defaultPrefix(DarkroomConfig config) {
    return folder == null ? ObjectUri.parse(config.output().prefix()) : LocalRender.PREFIX;
  }

  ObjectStore store() {
    return store;
  }

  /**
   * Returns the configured store, for new results.
   *
   * @throws IllegalArgumentException if the original results are in a folder
   */
  ObjectStore configuredStore() {
    if (client == null) {
      throw new IllegalArgumentException("--output: must be a folder if the results are in one");
    }
    return store;
  }

  /**
   * Checks that objects can be written under a prefix of the configured store.
   *
   * @throws ObjectStore.StoreFailure if not
   */
  void checkWritable(ObjectUri prefix) {
    if (access != null) {
      new PermissionCheck(access, prefix).check();
    }
  }

  /** Returns the buckets in the folder; empty if the results are in the configured store. */
  List<String> localBuckets() {
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> buckets = Files.list(folder)) {
      return buckets
          .filter(Files::isDirectory)
          .map(bucket -> String.valueOf(bucket.getFileName()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the addresses of the objects under a prefix whose keys end in {@code suffix}, ordered
   * by key.
   *
   * @throws ObjectStore.StoreFailure if the prefix cannot be listed
   */
  List<ObjectUri> list(ObjectUri prefix, String suffix) {
    if (client != null) {
      return S3Listing.of(client, prefix, suffix);
    }
    Path root = folder == null ? Path.of("") : folder;
    try (Stream<Path> files = Files.walk(root.resolve(prefix.bucket()))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.resolve(prefix.bucket()).relativize(file).toString())
          .filter(key -> key.startsWith(prefix.key()) && key.endsWith(suffix))
          .sorted()
          .map(key -> new ObjectUri(prefix.bucket(), key))
          .toList();
    } catch (IOException | UncheckedIOException failure) {
      throw new ObjectStore.StoreFailure(prefix + ": cannot be listed", failure);
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
