package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
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
 * Where stored results are: the object store of the configuration, or a folder that the command
 * {@code render} has written. Safe for use by many threads.
 */
final class Originals implements AutoCloseable {
  private final ObjectStore store;
  private final @Nullable Path folder;
  private final @Nullable S3Client client;

  private Originals(ObjectStore store, @Nullable Path folder, @Nullable S3Client client) {
    this.store = store;
    this.folder = folder;
    this.client = client;
  }

  /**
   * Opens the store.
   *
   * @param folder instead of the store of the configuration
   */
  static Originals open(DarkroomConfig config, @Nullable Path folder) {
    if (folder != null) {
      return new Originals(new FolderStore(folder), folder, null);
    }
    S3Client client = S3Clients.open(Configured.s3(config.s3()));
    return new Originals(
        new S3ObjectStore(new S3Access(client, Configured.s3Options(config.s3()))), null, client);
  }

  ObjectStore store() {
    return store;
  }

  /**
   * The addresses of the objects under a prefix whose keys end in {@code suffix}, by key.
   *
   * @throws ObjectStore.StoreFailure where it cannot be listed
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
