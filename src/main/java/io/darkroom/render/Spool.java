package io.darkroom.render;

import io.darkroom.text.Printable;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Keeps objects that could not be stored yet on disk: one file per object, in a folder of limited
 * size. A later process continues with the files in the folder. Files are written atomically. A
 * damaged or unknown file is ignored and logged. Only one process at a time may use the folder.
 * Safe for use by many threads.
 *
 * <p>Format of a file, big-endian: the text {@code DKSP}, the version (int32), 1 for a commit or 0
 * (int32), the lengths of address and media type (int32 each), address and media type in UTF-8, the
 * object; then the SHA-256 of all bytes before.
 */
public final class Spool implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Spool.class.getName());
  private static final int MAGIC = 0x444b5350;
  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 5 * Integer.BYTES;
  private static final int DIGEST_BYTES = 32;
  private static final String NAME = "[0-9a-f]{64}\\.object";
  private static final String PARTIAL = "\\..*\\.part";
  private static final String LOCK = "lock";

  private final Path folder;
  private final long maxBytes;
  private final FileChannel lockFile;
  private final Map<String, Entry> entries = new TreeMap<>();
  private long bytes;

  /**
   * An object on disk.
   *
   * @param uri address of the object in the store
   * @param commit whether the object is a commit, which is written after all other objects of its
   *     folder and only if there is none with this address
   * @param file the file with the object
   * @param bytes size of the file
   */
  record Entry(ObjectUri uri, boolean commit, Path file, long bytes) {}

  /** The content of a file. */
  record Content(ObjectUri uri, boolean commit, String mediaType, Bytes object) {}

  /** A file without a valid object; the message gives the reason. */
  private static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  /**
   * Opens a folder, which may contain files of an earlier process. Creates the folder if necessary.
   *
   * @param maxBytes maximum size of all files together
   * @throws IOException if the folder is not usable, or another process uses it
   */
  public static Spool open(Path folder, long maxBytes) throws IOException {
    Files.createDirectories(folder);
    FileChannel lockFile =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(lockFile, folder);
      Spool spool = new Spool(folder, maxBytes, lockFile);
      spool.load();
      return spool;
    } catch (IOException | RuntimeException failure) {
      lockFile.close();
      throw failure;
    }
  }

  private static void lock(FileChannel lockFile, Path folder) throws IOException {
    try {
      if (lockFile.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException ofThisProcess) {
      // Another part of this process has the lock; reported below.
    }
    throw new IOException(folder + ": is in use by another worker");
  }

  private Spool(Path folder, long maxBytes, FileChannel lockFile) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.lockFile = lockFile;
  }

  /** Returns why no further request should begin; empty if there is room. */
  public synchronized Optional<String> problem() {
    return bytes >= maxBytes
        ? Optional.of("the spool is full: " + bytes + " of " + maxBytes + " bytes in " + folder)
        : Optional.empty();
  }

  /** Returns the size of all files in bytes. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Returns the number of files. */
  public synchronized int files() {
    return entries.size();
  }

  /** Returns the entries under a prefix, commits last. */
  synchronized List<Entry> under(ObjectUri prefix) {
    return entries.values().stream()
        .filter(entry -> entry.uri().toString().startsWith(prefix.toString()))
        .sorted(Comparator.comparing(Entry::commit))
        .toList();
  }

  /** Returns all commits. */
  synchronized List<Entry> commits() {
    return entries.values().stream().filter(Entry::commit).toList();
  }

  /**
   * Writes an object to disk.
   *
   * @return false if there is no room for it, or the write fails
   */
  synchronized boolean keep(Content content) {
    byte[] file = encode(content);
    Path target = folder.resolve(name(content.uri()));
    long replaced =
        Optional.ofNullable(entries.get(target.toString())).map(Entry::bytes).orElse(0L);
    if (bytes - replaced + file.length > maxBytes) {
      return false;
    }
    try {
      write(file, target);
    } catch (IOException failure) {
      LOG.log(
          Level.WARNING,
          "spool does not take an object reason=" + Printable.logValue(failure.toString()));
      return false;
    }
    add(new Entry(content.uri(), content.commit(), target, file.length));
    return true;
  }

  /** Reads the object of an entry; empty if its file is damaged. */
  Optional<Content> read(Entry entry) {
    try {
      return Optional.of(decode(Files.readAllBytes(entry.file())));
    } catch (IOException | Damaged failure) {
      ignored(entry.file(), String.valueOf(failure.getMessage()));
      return Optional.empty();
    }
  }

  /** Deletes an entry whose object is stored or not needed. */
  synchronized void remove(Entry entry) {
    Entry removed = entries.remove(entry.file().toString());
    bytes -= removed == null ? 0 : removed.bytes();
    try {
      Files.deleteIfExists(entry.file());
    } catch (IOException failure) {
      ignored(entry.file(), String.valueOf(failure.getMessage()));
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private void load() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(file -> !file.endsWith(LOCK)).sorted().toList()) {
        load(file);
      }
    }
    dropUncommitted();
  }

  private synchronized void load(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (name.matches(PARTIAL)) {
      Files.deleteIfExists(file);
      ignored(file, "it is incomplete");
      return;
    }
    try {
      if (!name.matches(NAME)) {
        throw new Damaged("is not a file of the spool");
      }
      long length = Files.size(file);
      Content content = decode(Files.readAllBytes(file));
      add(new Entry(content.uri(), content.commit(), file, length));
    } catch (IOException | Damaged failure) {
      ignored(file, String.valueOf(failure.getMessage()));
    }
  }

  /**
   * Deletes results without a commit. Their process ended before the commit, so the request is
   * rendered again.
   */
  private synchronized void dropUncommitted() {
    List<ObjectUri> folders = commits().stream().map(entry -> entry.uri().parent()).toList();
    for (Entry entry : List.copyOf(entries.values())) {
      String uri = entry.uri().toString();
      if (folders.stream().noneMatch(each -> uri.startsWith(each.toString()))) {
        ignored(entry.file(), "its result was not finished");
        remove(entry);
      }
    }
  }

  private void add(Entry entry) {
    Entry replaced = entries.put(entry.file().toString(), entry);
    bytes += entry.bytes() - (replaced == null ? 0 : replaced.bytes());
  }

  private void write(byte[] content, Path target) throws IOException {
    Path temporary = Files.createTempFile(folder, ".", ".part");
    try {
      try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static String name(ObjectUri uri) {
    return Sha256.of(uri.toString().getBytes(StandardCharsets.UTF_8)) + ".object";
  }

  private static byte[] encode(Content content) {
    byte[] uri = content.uri().toString().getBytes(StandardCharsets.UTF_8);
    byte[] type = content.mediaType().getBytes(StandardCharsets.UTF_8);
    byte[] object = content.object().array();
    int length = HEAD_BYTES + uri.length + type.length + object.length;
    ByteBuffer out = ByteBuffer.allocate(length + DIGEST_BYTES);
    out.putInt(MAGIC).putInt(VERSION).putInt(content.commit() ? 1 : 0);
    out.putInt(uri.length).putInt(type.length).put(uri).put(type).put(object);
    out.put(HexFormat.of().parseHex(digest(out.array(), length)));
    return out.array();
  }

  private static Content decode(byte[] file) throws Damaged {
    int length = file.length - DIGEST_BYTES;
    if (length < HEAD_BYTES) {
      throw new Damaged("is too short");
    }
    if (!HexFormat.of().formatHex(file, length, file.length).equals(digest(file, length))) {
      throw new Damaged("is damaged: its digest does not match");
    }
    ByteBuffer in = ByteBuffer.wrap(file, 0, length);
    if (in.getInt() != MAGIC || in.getInt() != VERSION) {
      throw new Damaged("is of another version");
    }
    boolean commit = in.getInt() == 1;
    byte[] uri = new byte[in.getInt()];
    byte[] type = new byte[in.getInt()];
    in.get(uri).get(type);
    byte[] object = new byte[in.remaining()];
    in.get(object);
    return new Content(
        ObjectUri.parse(new String(uri, StandardCharsets.UTF_8)),
        commit,
        new String(type, StandardCharsets.UTF_8),
        new Bytes(object));
  }

  private static String digest(byte[] bytes, int length) {
    return Sha256.of(ByteBuffer.wrap(bytes, 0, length), new byte[0]);
  }

  private static void ignored(Path file, String reason) {
    LOG.log(Level.WARNING, "spool ignores a file file=" + file + " reason=\"" + reason + "\"");
  }
}
