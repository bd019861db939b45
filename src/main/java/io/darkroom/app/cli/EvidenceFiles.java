package io.darkroom.app.cli;

import io.darkroom.render.ObjectUri;
import io.darkroom.replay.Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files that the arguments of {@code verify} name. Their bytes are read later. */
final class EvidenceFiles {
  private static final String MANIFEST = "manifest.json";
  private static final long MAX_BYTES = 1L << 30;

  private final Originals originals;

  EvidenceFiles(Originals originals) {
    this.originals = originals;
  }

  /** A file. */
  record EvidenceFile(String name, Content content) {}

  /** Reads a file. */
  @FunctionalInterface
  interface Content {
    /** Returns the bytes. */
    byte[] read() throws IOException;
  }

  /**
   * Returns the files of an argument: a single file, or all manifests under a folder or prefix, or
   * all PNG files if there is no manifest.
   *
   * @throws IOException if there is no such file
   */
  List<EvidenceFile> of(String argument) throws IOException {
    List<EvidenceFile> found =
        argument.startsWith("s3://") ? stored(ObjectUri.parse(argument)) : local(Path.of(argument));
    if (found.isEmpty()) {
      throw new IOException(argument + ": has no manifest and no PNG file");
    }
    return found;
  }

  /**
   * Returns the manifests of a bundle.
   *
   * @throws IOException if it has none
   */
  static List<EvidenceFile> of(Bundle bundle) throws IOException {
    List<Path> manifests = bundle.manifests();
    if (manifests.isEmpty()) {
      throw new IOException("bundle: has no manifest");
    }
    return manifests.stream()
        .map(file -> new EvidenceFile(String.valueOf(file.getFileName()), () -> bounded(file)))
        .toList();
  }

  /** Reads a file; a device has no length, so the bytes are counted. */
  private static byte[] bounded(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("must be at most " + MAX_BYTES + " bytes");
      }
      return bytes;
    }
  }

  private List<EvidenceFile> stored(ObjectUri uri) {
    if (!uri.isPrefix()) {
      return List.of(object(uri));
    }
    List<ObjectUri> found = originals.list(uri, MANIFEST);
    return (found.isEmpty() ? originals.list(uri, ".png") : found)
        .stream().map(this::object).toList();
  }

  private EvidenceFile object(ObjectUri uri) {
    return new EvidenceFile(
        uri.toString(),
        () ->
            originals
                .store()
                .get(uri, MAX_BYTES)
                .orElseThrow(() -> new IOException(uri + ": does not exist")));
  }

  private static List<EvidenceFile> local(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(file(path));
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(path)) {
      all.filter(Files::isRegularFile).sorted().forEach(files::add);
    }
    List<EvidenceFile> manifests = named(files, MANIFEST);
    return manifests.isEmpty() ? named(files, ".png") : manifests;
  }

  private static List<EvidenceFile> named(List<Path> files, String suffix) {
    return files.stream()
        .filter(file -> file.toString().endsWith(suffix))
        .map(EvidenceFiles::file)
        .toList();
  }

  private static EvidenceFile file(Path path) {
    return new EvidenceFile(path.toString(), () -> bounded(path));
  }
}
