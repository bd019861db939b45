package io.darkroom.image;

import com.luciad.imageio.webp.WebPWrapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads the native library of libwebp once per process. The library is unpacked to a folder of its
 * own, which is deleted after loading: on Linux the files are not needed any more, and a killed
 * process could not delete them later.
 */
final class WebpLibrary {
  private static final String FOLDER_PROPERTY = "com.luciad.imageio.webp.tmpdir";

  static {
    unpackAndLoad();
  }

  private WebpLibrary() {}

  /** Returns when the library is loaded. */
  static void load() {
    // The static initialiser loads it.
  }

  private static void unpackAndLoad() {
    try {
      Path folder = Files.createTempDirectory("darkroom-webp");
      System.setProperty(FOLDER_PROPERTY, folder.toString());
      try {
        WebPWrapper.loadNativeLibrary();
      } finally {
        System.clearProperty(FOLDER_PROPERTY);
        remove(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the temporary folder cannot be written", e);
    }
  }

  private static void remove(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException kept) {
      // Windows keeps the file of a loaded library; the loader deletes it at the end of the
      // process.
    }
  }
}
