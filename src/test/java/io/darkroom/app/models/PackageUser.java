package io.darkroom.app.models;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process that uses a cached package, or writes to a cache, until it is ended. */
final class PackageUser {
  static final String WRITES = "writes";
  static final String USES = "uses";

  private PackageUser() {}

  /** Arguments: the action of the process, and the file of the lock. */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[1]);
    try (AutoCloseable lock = args[0].equals(WRITES) ? writer(file) : user(file)) {
      System.out.println(lock == null ? "not locked" : args[0]);
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  private static AutoCloseable user(Path file) throws Exception {
    return UseLock.share(file).orElseThrow();
  }

  private static AutoCloseable writer(Path file) throws Exception {
    return FileChannel.open(file, StandardOpenOption.WRITE).lock();
  }
}
