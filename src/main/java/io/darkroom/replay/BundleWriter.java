package io.darkroom.replay;

import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a {@link Bundle}: a ZIP file with manifests, stored objects and files of model packages.
 * The same content gives the same bytes. Used by one thread.
 */
public final class BundleWriter implements AutoCloseable {
  /** The earliest time that a ZIP entry can have. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ZipOutputStream zip;
  private final Set<String> names = new HashSet<>();
  private int manifests;

  /** Creates a bundle that is written to {@code out}, which {@link #close} closes. */
  public BundleWriter(OutputStream out) {
    this.zip = new ZipOutputStream(out);
  }

  /** Adds a manifest. */
  public void addManifest(byte[] manifest) throws IOException {
    manifests++;
    add(
        String.format(Locale.ROOT, "%s%06d-manifest.json", Bundle.MANIFESTS, manifests),
        out -> out.write(manifest));
  }

  /** Adds an object of the store, unless it was added before. */
  public void addObject(ObjectUri uri, byte[] bytes) throws IOException {
    add(Bundle.OBJECTS + uri.bucket() + "/" + uri.key(), out -> out.write(bytes));
  }

  /**
   * Adds a file of a model package, unless it was added before.
   *
   * @param path path of the file in the package
   */
  public void addPackageFile(String model, String path, Path file) throws IOException {
    add(Bundle.MODELS + model + "/" + path, out -> Files.copy(file, out));
  }

  /** Writes the content of an entry. */
  @FunctionalInterface
  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  private void add(String name, Content content) throws IOException {
    if (!names.add(name)) {
      return;
    }
    if (names.size() > Bundle.MAX_ENTRIES) {
      throw new IOException("bundle: must have at most " + Bundle.MAX_ENTRIES + " files");
    }
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
    content.write(zip);
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
