package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Recognises files that a failed download has left instead of the real ones. */
final class Placeholder {
  private static final int HEAD = 256;

  private Placeholder() {}

  /**
   * Checks the first bytes of a file.
   *
   * @throws BrokenPackage if it is a git-lfs pointer or a web page
   */
  static void check(String name, Path file) throws BrokenPackage {
    String head = head(name, file).strip().toLowerCase(Locale.ROOT);
    if (head.startsWith("version https://git-lfs.")) {
      throw new BrokenPackage(
          name, "", "is a git-lfs pointer, not the file itself: get it with git lfs pull");
    }
    if (head.startsWith("<!doctype html") || head.startsWith("<html")) {
      throw new BrokenPackage(
          name, "", "is an HTML page, not the file itself: download it from its raw address");
    }
  }

  private static String head(String name, Path file) throws BrokenPackage {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new BrokenPackage(name, "", "cannot be read", e);
    }
  }
}
