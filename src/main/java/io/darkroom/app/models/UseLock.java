package io.darkroom.app.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a cached package while a process uses it. Processes share the lock; a package can be
 * removed only while none holds it. The end of a process releases its locks. A process opens a lock
 * file only once, because closing any channel of a file releases all locks that the process has on
 * it.
 */
final class UseLock implements AutoCloseable {
  private static final Map<Path, UseLock> HELD = new HashMap<>();

  private final Path file;
  private final FileChannel channel;
  private int users;

  private UseLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Work that may fail with the file system. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  /** Returns a lock; empty if the file does not exist or its package is being removed. */
  static Optional<UseLock> share(Path file) throws IOException {
    synchronized (HELD) {
      UseLock lock = HELD.get(file);
      if (lock == null) {
        FileChannel channel = shared(file);
        if (channel == null) {
          return Optional.empty();
        }
        lock = new UseLock(file, channel);
        HELD.put(file, lock);
      }
      lock.users++;
      return Optional.of(lock);
    }
  }

  /** Runs an action if no process uses the package. Returns false if one does. */
  static boolean ifUnused(Path file, Action action) throws IOException {
    synchronized (HELD) {
      if (HELD.containsKey(file)) {
        return false;
      }
      try (FileChannel channel = locked(file, false)) {
        if (channel == null) {
          return false;
        }
        action.run();
        return true;
      } catch (NoSuchFileException unlocked) {
        // Without the file no process can use the package.
        action.run();
        return true;
      }
    }
  }

  private static @Nullable FileChannel shared(Path file) throws IOException {
    try {
      return locked(file, true);
    } catch (NoSuchFileException removed) {
      return null;
    }
  }

  private static @Nullable FileChannel locked(Path file, boolean shared) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
    if (lock == null) {
      channel.close();
      return null;
    }
    return channel;
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      users--;
      if (users == 0) {
        HELD.remove(file);
        channel.close();
      }
    }
  }
}
