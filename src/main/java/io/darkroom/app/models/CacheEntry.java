package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import io.darkroom.s3.ListedObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of the cache. It holds one package, in a folder with the package's name, and a lock
 * file, whose time of modification is that of the last use.
 */
record CacheEntry(Path folder) {
  /** Not the name of a package, because of the dot. */
  private static final String LOCK = ".lock";

  Path lock() {
    return folder.resolve(LOCK);
  }

  /** Returns the folder of a package in this entry. */
  Path of(BucketPackage pack) {
    return folder.resolve(pack.name());
  }

  /** Returns whether every file of the package is here with its length. */
  boolean holds(BucketPackage pack) throws IOException {
    for (Map.Entry<String, ListedObject> file : pack.files().entrySet()) {
      if (length(of(pack).resolve(file.getKey())) != file.getValue().bytes()) {
        return false;
      }
    }
    return Files.isRegularFile(lock(), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Returns the first file whose bytes are not those of the package's {@code SHA256SUMS}, with the
   * reason; empty if all are right or there is no such list.
   */
  Optional<String> damage(BucketPackage pack) throws IOException {
    if (!pack.files().containsKey(DigestList.FILE)) {
      return Optional.empty();
    }
    try {
      DigestList digests = DigestList.read(of(pack).resolve(DigestList.FILE));
      digests.checkNames(pack.files().keySet());
      for (String file : digests.digests().keySet()) {
        digests.check(file, of(pack).resolve(file));
      }
      return Optional.empty();
    } catch (BrokenPackage damaged) {
      return Optional.of(String.valueOf(damaged.getMessage()));
    }
  }

  /** Writes all files and folders to the disk, so that none is incomplete after a power failure. */
  void force() throws IOException {
    for (Path file : files(folder)) {
      force(file);
    }
  }

  /** Writes a file or a folder to the disk. */
  static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Returns the length of a file; -1 if there is none, or not a regular one. */
  private static long length(Path file) throws IOException {
    try {
      BasicFileAttributes facts =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return facts.isRegularFile() ? facts.size() : -1;
    } catch (NoSuchFileException removed) {
      return -1;
    }
  }

  void use(Instant now) throws IOException {
    Files.setLastModifiedTime(lock(), FileTime.from(now));
  }

  /** Returns when it was used last; the distant past without a lock file. */
  FileTime lastUse() throws IOException {
    return Files.exists(lock()) ? Files.getLastModifiedTime(lock()) : FileTime.fromMillis(0);
  }

  long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
    }
    return bytes;
  }

  /** Deletes a folder with everything in it; a link is deleted, not what it leads to. */
  static void delete(Path folder) throws IOException {
    for (Path file : files(folder)) {
      Files.delete(file);
    }
  }

  /** Returns a folder and everything in it, the deepest first. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }
}
