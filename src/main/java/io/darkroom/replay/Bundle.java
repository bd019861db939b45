package io.darkroom.replay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A file with everything that is needed to verify renders without the store. It is a ZIP file with
 * manifests ({@code manifests/}), the objects that they name ({@code objects/BUCKET/KEY}) and
 * optionally the model packages ({@code models/NAME/}). It is unpacked into a temporary folder,
 * which {@link #close} deletes.
 */
public final class Bundle implements AutoCloseable {
  static final String MANIFESTS = "manifests/";
  static final String OBJECTS = "objects/";
  static final String MODELS = "models/";

  static final int MAX_ENTRIES = 100_000;
  private static final long MAX_BYTES = 64L << 30;
  private static final byte[] SIGNATURE = {'P', 'K', 3, 4};

  private final Path folder;
  private long left = MAX_BYTES;

  private Bundle(Path folder) {
    this.folder = folder;
  }

  /** Returns whether a file is a ZIP file. */
  public static boolean isBundle(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE);
    }
  }

  /**
   * Unpacks a bundle.
   *
   * @throws IOException if it is damaged or too large, or if an entry has an invalid name
   */
  public static Bundle open(Path file) throws IOException {
    Bundle bundle = new Bundle(Files.createTempDirectory("darkroom-bundle-"));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      bundle.unpack(zip);
      return bundle;
    } catch (ZipException damaged) {
      bundle.close();
      throw new IOException(file + ": must be a bundle: " + damaged.getMessage(), damaged);
    } catch (IOException | RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  /** Returns the manifests, ordered by name. */
  public List<Path> manifests() throws IOException {
    Path manifests = folder.resolve(MANIFESTS);
    if (!Files.isDirectory(manifests)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(manifests)) {
      return files.sorted().toList();
    }
  }

  /**
   * Returns the folder of the objects. In it, {@code s3://bucket/key} is the file {@code
   * bucket/key}.
   */
  public Path objects() throws IOException {
    return Files.createDirectories(folder.resolve(OBJECTS));
  }

  /** Returns the folder of the model packages; empty if the bundle has none. */
  public Optional<Path> models() {
    return Optional.of(folder.resolve(MODELS)).filter(Files::isDirectory);
  }

  private void unpack(ZipFile zip) throws IOException {
    if (zip.size() > MAX_ENTRIES) {
      throw new IOException(
          zip.getName() + ": must have at most " + MAX_ENTRIES + " entries, has " + zip.size());
    }
    Enumeration<? extends ZipEntry> entries = zip.entries();
    while (entries.hasMoreElements()) {
      ZipEntry entry = entries.nextElement();
      Path file = place(entry.getName());
      Files.createDirectories(file.resolveSibling("."));
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out = Files.newOutputStream(file)) {
        copy(in, out);
      }
    }
  }

  private Path place(String name) throws IOException {
    Path file;
    try {
      file = folder.resolve(name).normalize();
    } catch (InvalidPathException invalid) {
      throw new IOException("bundle: the name of an entry is not a path", invalid);
    }
    boolean known = Stream.of(MANIFESTS, OBJECTS, MODELS).anyMatch(name::startsWith);
    String path = folder.relativize(file).toString().replace('\\', '/');
    if (!known || name.endsWith("/") || !path.equals(name)) {
      throw new IOException(
          "bundle: entries must be files in "
              + String.join(", ", MANIFESTS, OBJECTS, MODELS)
              + ", one is "
              + name);
    }
    return file;
  }

  /** Copies an entry and counts its bytes, because the sizes in the headers may be wrong. */
  private void copy(InputStream in, OutputStream out) throws IOException {
    byte[] chunk = new byte[1 << 16];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      left -= n;
      if (left < 0) {
        throw new IOException("bundle: must have at most " + MAX_BYTES + " bytes unpacked");
      }
      out.write(chunk, 0, n);
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
