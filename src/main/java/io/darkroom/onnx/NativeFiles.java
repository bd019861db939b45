package io.darkroom.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The libraries that ONNX Runtime unpacks into the temporary folder, 23 MB for each process. Once
 * they are loaded their names are not needed on Linux, and a process that is killed could not
 * remove them any more.
 */
final class NativeFiles {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final String FOLDER = "/onnxruntime-java";

  /** Those that are loaded once; libraries of providers may be looked for again. */
  private static final Set<String> NAMES = Set.of("libonnxruntime.so", "libonnxruntime4j_jni.so");

  private NativeFiles() {}

  /** Removes the files of libraries that are loaded; elsewhere than on Linux nothing. */
  static void remove() {
    try {
      for (Path file : loaded()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException kept) {
      // ONNX Runtime removes them at an orderly end.
    }
  }

  /** Files of this process that ONNX Runtime unpacked, loaded, and still there. */
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

  /** Of a line {@code address permissions offset device inode path}. */
  private static Stream<Path> path(String map) {
    int begin = map.indexOf('/');
    return begin >= 0 && map.contains(FOLDER) && !map.endsWith("(deleted)")
        ? Stream.of(Path.of(map.substring(begin)))
        : Stream.empty();
  }
}
