package io.darkroom.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Deletes the libraries that ONNX Runtime unpacks to the temporary folder, 23 MB per process. On
 * Linux their files are not needed after loading, and a killed process could not delete them later.
 */
final class NativeFiles {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final String FOLDER = "/onnxruntime-java";

  /** Libraries that are loaded once; those of providers may be opened again later. */
  private static final Set<String> NAMES = Set.of("libonnxruntime.so", "libonnxruntime4j_jni.so");

  private NativeFiles() {}

  /** Deletes the files of loaded libraries; does nothing on other systems than Linux. */
  static void remove() {
    try {
      for (Path file : loaded()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException kept) {
      // ONNX Runtime deletes them when the process ends normally.
    }
  }

  /**
   * Returns the files that ONNX Runtime unpacked for this process, that are loaded and still exist.
   */
  static Set<Path> loaded() throws IOException {
    if (!Files.isReadable(MAPS)) {
      return Set.of();
    }
    List<String> maps = Files.readAllLines(MAPS);
    return maps.stream()
        .flatMap(NativeFiles::path)
        .filter(file -> NAMES.contains(String.valueOf(file.getFileName())))
        .filter(Files::isRegularFile)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the path of a line {@code address permissions offset device inode path}. */
  private static Stream<Path> path(String map) {
    int begin = map.indexOf('/');
    return begin >= 0 && map.contains(FOLDER) && !map.endsWith("(deleted)")
        ? Stream.of(Path.of(map.substring(begin)))
        : Stream.empty();
  }
}
