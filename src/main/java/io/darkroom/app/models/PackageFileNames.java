package io.darkroom.app.models;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The rules for the names of a package's files in a bucket. A name that keeps them stays inside the
 * folder that it is resolved in.
 */
final class PackageFileNames {
  /** Maximum length of a name, from the folder of its package. */
  static final int LONGEST = 512;

  /** Maximum bytes of a folder's or a file's name on common file systems. */
  private static final int LONGEST_SEGMENT = 255;

  private PackageFileNames() {}

  /** Returns the rule that a name breaks; empty if it keeps all. */
  static Optional<String> problem(String name) {
    if (name.length() > LONGEST) {
      return Optional.of("the name must have at most " + LONGEST + " characters");
    }
    if (name.chars().anyMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c))) {
      return Optional.of("the name must not have backslashes, colons or control characters");
    }
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return Optional.of("the name must be relative, without empty, . or .. segments");
      }
      if (segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_SEGMENT) {
        return Optional.of("each segment must have at most " + LONGEST_SEGMENT + " bytes");
      }
    }
    return Optional.empty();
  }
}
