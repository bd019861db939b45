package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import io.darkroom.text.Printable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Packages of buckets in a folder, which several processes may share. An entry has the name of the
 * digest of its listing, so that a changed package is another entry. It is written to a temporary
 * folder and moved to its place when it is complete. One process at a time writes or removes
 * entries; an incomplete entry was left by a process that ended.
 *
 * <p>{@link #close} lets other processes remove the packages that were found or added here.
 */
final class PackageCache implements AutoCloseable {
  private static final ReentrantLock WRITER = new ReentrantLock();

  private final Path folder;
  private final CacheRoom room;
  private final Clock clock;
  private final Consumer<String> progress;
  private final List<UseLock> used = new CopyOnWriteArrayList<>();

  private PackageCache(Path folder, long maxBytes, Clock clock, Consumer<String> progress) {
    this.folder = folder;
    this.room = new CacheRoom(folder, maxBytes);
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Opens a cache.
   *
   * @param folder its folder, which is created if it does not exist
   * @param maxBytes maximum bytes of all packages
   * @throws IOException if the folder cannot be created
   */
  static PackageCache open(Path folder, long maxBytes, Clock clock, Consumer<String> progress)
      throws IOException {
    Files.createDirectories(folder);
    return new PackageCache(folder.toRealPath(), maxBytes, clock, progress);
  }

  /** Writes the files of a package into an empty folder, and checks their digests. */
  @FunctionalInterface
  interface Filling {
    void fill(Path folder) throws IOException, BrokenPackage;
  }

  /**
   * Returns the entry of a package if it is complete, and its bytes are those that were downloaded.
   * It is not removed until {@link #close} or the end of the process.
   */
  Optional<Path> find(BucketPackage pack) throws IOException {
    return find(pack, true);
  }

  private Optional<Path> find(BucketPackage pack, boolean check) throws IOException {
    CacheEntry entry = entry(pack);
    if (!entry.holds(pack)) {
      return Optional.empty();
    }
    Optional<UseLock> lock = UseLock.share(entry.lock());
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    boolean removed = !entry.holds(pack); // before the lock was held
    if (removed || (check && damaged(entry, pack))) {
      lock.get().close();
      return Optional.empty();
    }
    used.add(lock.get());
    entry.use(clock.instant());
    return Optional.of(entry.folder());
  }

  private boolean damaged(CacheEntry entry, BucketPackage pack) throws IOException {
    Optional<String> damage = entry.damage(pack);
    damage.ifPresent(
        reason ->
            progress.accept(
                "cached package is damaged model=%s reason=%s"
                    .formatted(pack.name(), Printable.logValue(reason))));
    return damage.isPresent();
  }

  /**
   * Returns the entry of a package, as {@link #find} does, after another process has added it or
   * {@code filling} has written it.
   *
   * @throws BrokenPackage if there is no room, or what {@code filling} throws
   */
  Path add(BucketPackage pack, Filling filling) throws IOException, BrokenPackage {
    WRITER.lock();
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock(file);
      room.removeLeftovers();
      Optional<Path> there = find(pack);
      return there.isPresent() ? there.get() : write(pack, filling);
    } finally {
      WRITER.unlock();
    }
  }

  /** Waits for the lock of the cache, which is held until the file is closed. */
  private void lock(FileChannel file) throws IOException {
    if (file.tryLock() == null) {
      progress.accept("waiting for another process that downloads packages folder=" + folder);
      file.lock();
    }
  }

  private Path write(BucketPackage pack, Filling filling) throws IOException, BrokenPackage {
    CacheEntry entry = entry(pack);
    if (Files.exists(entry.folder()) && !room.remove(entry)) {
      throw new IOException(entry.folder() + ": is damaged, and another process uses it");
    }
    room.make(pack.bytes());
    CacheEntry part = new CacheEntry(room.part(entry));
    try {
      filling.fill(Files.createDirectories(part.of(pack)));
      part.record(pack);
      Files.createFile(part.lock());
      part.force();
      Files.move(part.folder(), entry.folder(), StandardCopyOption.ATOMIC_MOVE);
      CacheEntry.force(folder);
    } finally {
      room.removeLeftovers();
    }
    return find(pack, false) // its digests were checked
        .orElseThrow(() -> new IOException(folder + ": was changed by another process"));
  }

  private CacheEntry entry(BucketPackage pack) {
    return new CacheEntry(folder.resolve(pack.digest()));
  }

  @Override
  public void close() throws IOException {
    for (UseLock each : used) {
      each.close();
    }
    used.clear();
  }
}
