package io.darkroom.app.models;

import io.darkroom.s3.ListedObject;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder of the cache. It holds one package, in a folder with the package's name, the digests of
 * its files as they were downloaded, and a lock file, whose time of modification is that of the
 * last use.
 */
record CacheEntry(Path folder) {
  /** Not the name of a package, because of the dot. */
  private static final String LOCK = ".lock";

  private static final String DIGESTS = ".sha256";

  Path lock() {
    return folder.resolve(LOCK);
  }

  private Path digests() {
    return folder.resolve(DIGESTS);
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
    return isFile(digests()) && isFile(lock());
  }

  /** Writes down the digests of a package that was downloaded, for {@link #damage}. */
  void record(BucketPackage pack) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String file : pack.files().keySet()) {
      lines.append(digest(pack, file)).append('\n');
    }
    Files.writeString(digests(), lines);
  }

  /**
   * Returns the first file whose bytes are not those that were downloaded, with the reason; empty
   * if all are right.
   */
  Optional<String> damage(BucketPackage pack) throws IOException {
    String recorded = new String(Files.readAllBytes(digests()), StandardCharsets.UTF_8);
    Set<String> lines = recorded.lines().collect(Collectors.toSet());
    for (String file : pack.files().keySet()) {
      if (!lines.contains(digest(pack, file))) {
        return Optional.of(ListedFiles.shown(file) + ": sha256 is not that of the download");
      }
    }
    return Optional.empty();
  }

  private String digest(BucketPackage pack, String file) throws IOException {
    return Sha256.of(of(pack).resolve(file)) + "  " + file;
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

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  void use(Instant now) throws IOException {
    Files.setLastModifiedTime(lock(), FileTime.from(now));
  }

  /** Returns when it was used last; the distant past without a lock file. */
  FileTime lastUse() throws IOException {
    return Files.exists(lock()) ? Files.getLastModifiedTime(lock()) : FileTime.fromMillis(0);
  }

  /** Returns the bytes of the package. */
  long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += isFile(file) && !file.equals(digests()) ? Files.size(file) : 0;
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
