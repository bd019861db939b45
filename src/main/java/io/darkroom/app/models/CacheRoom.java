package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bytes of a cache. Only the process that has the lock of the cache calls it. Files with other
 * names than those of entries and parts are not changed.
 */
final class CacheRoom {
  private static final String PART = ".part";
  private static final Pattern ENTRY = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern LEFTOVER = Pattern.compile("[0-9a-f]{64}\\.part");

  private final Path folder;
  private final long maxBytes;

  CacheRoom(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /** Cause of the error of a package that would fit if other packages were not in use. */
  static final class InUse extends Exception {
    private static final long serialVersionUID = 1L;

    private InUse(String message) {
      super(message);
    }
  }

  /** An entry with its bytes and the time of its last use. */
  private record Used(CacheEntry entry, long bytes, long millis) {}

  /** Returns the folder in which an entry is written before it is moved to its place. */
  Path part(CacheEntry entry) {
    return folder.resolve(entry.folder().getFileName() + PART);
  }

  /**
   * Removes packages that no process uses, the least recently used first, until there is room.
   *
   * @throws BrokenPackage if there is not enough
   */
  void make(long bytes) throws IOException, BrokenPackage {
    List<Used> entries = oldestFirst();
    long inUse = entries.stream().mapToLong(Used::bytes).sum();
    for (Used each : entries) {
      if (bytes <= maxBytes && inUse > maxBytes - bytes && remove(each.entry())) {
        inUse -= each.bytes();
      }
    }
    if (inUse > maxBytes - bytes) {
      throw noRoom(bytes, inUse);
    }
  }

  private BrokenPackage noRoom(long bytes, long inUse) {
    String rule =
        "darkroom.models-cache.bytes is %d, the package has %d bytes".formatted(maxBytes, bytes);
    String problem = "does not fit into the cache: " + rule;
    if (bytes > maxBytes) {
      return new BrokenPackage(".", "", problem);
    }
    InUse others = new InUse(" and packages in use have %d bytes".formatted(inUse));
    return new BrokenPackage(".", "", problem + others.getMessage(), others);
  }

  private List<Used> oldestFirst() throws IOException {
    List<Used> entries = new ArrayList<>();
    for (Path each : children(ENTRY)) {
      CacheEntry entry = new CacheEntry(each);
      entries.add(new Used(entry, entry.bytes(), entry.lastUse().toMillis()));
    }
    entries.sort(Comparator.comparingLong(Used::millis));
    return entries;
  }

  /** Removes an entry. Returns false if a process uses it. */
  boolean remove(CacheEntry entry) throws IOException {
    // If the process ends before the deletion, a part remains. A part is never used as an entry.
    boolean removed =
        UseLock.ifUnused(
            entry.lock(),
            () -> Files.move(entry.folder(), part(entry), StandardCopyOption.ATOMIC_MOVE));
    if (removed) {
      CacheEntry.delete(part(entry));
    }
    return removed;
  }

  /** Removes what processes that ended have left half written or half removed. */
  void removeLeftovers() throws IOException {
    for (Path leftover : children(LEFTOVER)) {
      CacheEntry.delete(leftover);
    }
  }

  private List<Path> children(Pattern name) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(each -> name.matcher(each.getFileName().toString()).matches())
          .toList();
    }
  }
}
