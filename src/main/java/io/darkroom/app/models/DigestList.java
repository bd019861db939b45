package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code SHA256SUMS} of a package, as {@code sha256sum} writes it: the digest of each
 * other file.
 *
 * @param digests 64 hexadecimal digits by file
 */
record DigestList(Map<String, String> digests) {
  static final String FILE = "SHA256SUMS";

  private static final long MOST_BYTES = 8 << 20;
  private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64}) [ *](?:\\./)?(.+)");

  DigestList {
    digests = Map.copyOf(digests);
  }

  /**
   * Reads a list.
   *
   * @throws BrokenPackage if it is malformed
   */
  static DigestList read(Path file) throws BrokenPackage, IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new BrokenPackage(FILE, "", "must be at most " + MOST_BYTES + " bytes");
    }
    Map<String, String> digests = new TreeMap<>();
    int number = 0;
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      number++;
      Matcher parts = LINE.matcher(line.stripTrailing());
      boolean known = parts.matches();
      if (!known || digests.put(parts.group(2), parts.group(1).toLowerCase(Locale.ROOT)) != null) {
        throw new BrokenPackage(
            FILE, "line " + number, "must be a digest and a file, each file once");
      }
    }
    return new DigestList(digests);
  }

  /**
   * Checks that the list names exactly the files of a package, except itself.
   *
   * @throws BrokenPackage if a file is not listed or a listed file is missing
   */
  void checkNames(Set<String> files) throws BrokenPackage {
    for (String file : files) {
      if (!file.equals(FILE) && !digests.containsKey(file)) {
        throw new BrokenPackage(ListedFiles.shown(file), "", "must be listed in " + FILE);
      }
    }
    for (String file : digests.keySet()) {
      if (!files.contains(file)) {
        throw new BrokenPackage(ListedFiles.shown(file), "", "is missing: " + FILE + " lists it");
      }
    }
  }

  /**
   * Checks the bytes of a file.
   *
   * @throws BrokenPackage if they have another digest
   */
  void check(String file, Path path) throws BrokenPackage, IOException {
    String expected = digests.get(file);
    String given = Sha256.of(path);
    if (!given.equals(expected)) {
      throw new BrokenPackage(
          ListedFiles.shown(file),
          "",
          "sha256 must be " + expected + " as in " + FILE + ", is " + given);
    }
  }
}
