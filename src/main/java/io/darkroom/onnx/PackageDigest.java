package io.darkroom.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a model package is made of, as SHA-256.
 *
 * <p>A component is a folder of the package; the files beside the folders are the component {@code
 * .}. Its digest is over its files in the order of their paths, with {@code /} between the parts:
 * for each the path in UTF-8, a zero byte, the length in 8 bytes, highest first, and the bytes. The
 * package's digest is over the components in the order of their names: for each the name, a zero
 * byte, the digest in hexadecimal and a line feed. Names that begin with a dot and {@link
 * KnownAnswers#FILE} do not count.
 *
 * @param sha256 of the package
 * @param components digest by name
 */
record PackageDigest(String sha256, SortedMap<String, String> components) {

  /** The component of the files beside the folders. */
  static final String TOP = ".";

  /**
   * Reads every file.
   *
   * @throws BrokenPackage also where there are symbolic links, since they could leave the package
   */
  static PackageDigest of(Path folder) throws BrokenPackage {
    SortedMap<String, SortedMap<String, Path>> files = new TreeMap<>();
    for (Path file : files(folder)) {
      Path relative = folder.relativize(file);
      String component = relative.getNameCount() == 1 ? TOP : relative.getName(0).toString();
      files.computeIfAbsent(component, key -> new TreeMap<>()).put(slashed(relative), file);
    }
    SortedMap<String, String> components = new TreeMap<>();
    for (Map.Entry<String, SortedMap<String, Path>> component : files.entrySet()) {
      components.put(component.getKey(), digest(component.getValue()));
    }
    return new PackageDigest(digestOfDigests(components), components);
  }

  /** SHA-256 of some bytes in hexadecimal. */
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(newSha256().digest(bytes));
  }

  private static List<Path> files(Path folder) throws BrokenPackage {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> visible =
          walk.filter(path -> !hidden(folder.relativize(path)))
              .filter(path -> !path.equals(folder.resolve(KnownAnswers.FILE)))
              .toList();
      for (Path path : visible) {
        if (!path.equals(folder) && Files.isSymbolicLink(path)) {
          throw new BrokenPackage(
              slashed(folder.relativize(path)), "", "must not be a symbolic link");
        }
      }
      return visible.stream()
          .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
          .toList();
    } catch (IOException e) {
      throw new BrokenPackage(TOP, "", "cannot be read", e);
    }
  }

  private static boolean hidden(Path relative) {
    for (Path name : relative) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static String slashed(Path relative) {
    return relative.toString().replace('\\', '/');
  }

  private static String digest(SortedMap<String, Path> files) throws BrokenPackage {
    MessageDigest digest = newSha256();
    byte[] chunk = new byte[1 << 16];
    for (Map.Entry<String, Path> file : files.entrySet()) {
      try (InputStream in = Files.newInputStream(file.getValue())) {
        digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(ByteBuffer.allocate(8).putLong(Files.size(file.getValue())).array());
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
          digest.update(chunk, 0, n);
        }
      } catch (IOException e) {
        throw new BrokenPackage(file.getKey(), "", "cannot be read", e);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String digestOfDigests(SortedMap<String, String> components) {
    StringBuilder lines = new StringBuilder();
    components.forEach(
        (name, digest) -> lines.append(name).append('\0').append(digest).append('\n'));
    return sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
