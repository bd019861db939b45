package io.darkroom.app.cli;

import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files that the arguments of {@code verify} name, each with its bytes read when needed. */
final class EvidenceFiles {
  private static final String MANIFEST = "manifest.json";
  private static final long MAX_BYTES = 1L << 30;

  private final Originals originals;

  EvidenceFiles(Originals originals) {
    this.originals = originals;
  }

  /** One file. */
  record EvidenceFile(String name, Content content) {}

  /** Reads a file. */
  @FunctionalInterface
  interface Content {
    /** Its bytes. */
    byte[] read() throws IOException;
  }

  /**
   * The files of an argument: itself, or all manifests below a folder or prefix, or all PNG files
   * where it has no manifest.
   *
   * @throws IOException where there is none
   */
  List<EvidenceFile> of(String argument) throws IOException {
    List<EvidenceFile> found =
        argument.startsWith("s3://") ? stored(ObjectUri.parse(argument)) : local(Path.of(argument));
    if (found.isEmpty()) {
      throw new IOException(argument + ": has no manifest and no PNG file");
    }
    return found;
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
    return new EvidenceFile(path.toString(), () -> Files.readAllBytes(path));
  }
}
