package io.darkroom.app.cli;

import io.darkroom.render.Bytes;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * A store in a folder: the object {@code s3://bucket/key} is the file {@code bucket/key} in it. The
 * folder of a bucket is created when it is needed. Files are written atomically; the file system
 * must support hard links. Media types are not stored.
 */
public final class FolderStore implements ObjectStore {
  private final Path root;

  /** Creates a store in {@code root}, which is created at the first write. */
  public FolderStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    Path file = file(uri);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    int limit = (int) Math.min(maxBytes, Integer.MAX_VALUE - 16L);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new TooLarge(uri, Files.size(file), maxBytes);
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException nothing) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(uri, "could not be read", e);
    }
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    Path file = file(uri);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new Beginning(new Bytes(in.readNBytes(maxBytes)), Files.size(file)));
    } catch (NoSuchFileException nothing) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(uri, "could not be read", e);
    }
  }

  @Override
  public void put(ObjectUri uri, byte[] bytes, String mediaType) {
    write(uri, bytes, (temporary, file) -> replace(temporary, file));
  }

  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    return write(uri, bytes, FolderStore::link) || holds(uri, bytes);
  }

  @Override
  public void delete(ObjectUri uri) {
    try {
      Files.deleteIfExists(file(uri));
    } catch (IOException e) {
      throw failure(uri, "could not be removed", e);
    }
  }

  /** Makes a complete temporary file the object. */
  @FunctionalInterface
  private interface Commit {
    boolean commit(Path temporary, Path file) throws IOException;
  }

  private boolean write(ObjectUri uri, byte[] bytes, Commit commit) {
    Path file = file(uri);
    try {
      Path folder = Files.createDirectories(file.resolveSibling("."));
      Path temporary = Files.createTempFile(folder, ".", ".part");
      try {
        Files.write(temporary, bytes);
        return commit.commit(temporary, file);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw failure(uri, "could not be written", e);
    }
  }

  private static boolean replace(Path temporary, Path file) throws IOException {
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private static boolean link(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
      return true;
    } catch (FileAlreadyExistsException another) {
      return false;
    }
  }

  private boolean holds(ObjectUri uri, byte[] bytes) {
    try {
      return get(uri, bytes.length).filter(stored -> Arrays.equals(stored, bytes)).isPresent();
    } catch (TooLarge another) {
      return false;
    }
  }

  private Path file(ObjectUri uri) {
    Path file = root.resolve(uri.bucket()).resolve(uri.key()).normalize();
    if (!file.startsWith(root.resolve(uri.bucket()))) {
      throw new IllegalArgumentException(uri + ": leaves the store's folder");
    }
    return file;
  }

  private static StoreFailure failure(ObjectUri uri, String what, IOException e) {
    return new StoreFailure(uri + ": " + what + ": " + e.getClass().getSimpleName(), e);
  }
}
