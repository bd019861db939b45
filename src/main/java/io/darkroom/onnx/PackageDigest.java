package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The SHA-256 digests of a model package.
 *
 * <p>A component is a folder of the package; files outside these folders are the component {@code
 * .}. Its digest covers its {@link PackageFiles} in the order of their paths, with {@code /}
 * between the parts: for each the path in UTF-8, a zero byte, the length in 8 bytes, highest first,
 * and the bytes. The package's digest covers the components in the order of their names: for each
 * the name, a zero byte, the digest in hexadecimal and a line feed.
 *
 * @param sha256 digest of the package
 * @param components digest by component name
 */
record PackageDigest(String sha256, SortedMap<String, String> components) {

  /**
   * Reads every file.
   *
   * @throws BrokenPackage if one cannot be read, or if there is none
   */
  static PackageDigest of(PackageFiles files) throws BrokenPackage {
    if (files.byComponent().isEmpty()) {
      throw new BrokenPackage(PackageFiles.TOP, "", "holds no file of a package");
    }
    SortedMap<String, String> components = new TreeMap<>();
    for (Map.Entry<String, SortedMap<String, Path>> component : files.byComponent().entrySet()) {
      components.put(component.getKey(), digest(component.getValue()));
    }
    return new PackageDigest(digestOfDigests(components), components);
  }

  private static String digest(SortedMap<String, Path> files) throws BrokenPackage {
    MessageDigest digest = Sha256.digest();
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
    return Sha256.of(lines.toString().getBytes(StandardCharsets.UTF_8));
  }
}
