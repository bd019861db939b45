package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The files of a package that its digest covers, for programs that copy packages.
 *
 * @param sha256 digest of the package
 * @param files by their path in the package, with {@code /} between the parts
 */
public record PackageContents(String sha256, NavigableMap<String, Path> files) {

  /**
   * Lists the files and reads each of them once.
   *
   * @throws BrokenPackage if a file cannot be read, or if a part of a network is missing
   */
  public static PackageContents of(Path folder) throws BrokenPackage {
    PackageFiles found = PackageFiles.of(folder);
    NavigableMap<String, Path> files = new TreeMap<>();
    found.byComponent().values().forEach(files::putAll);
    return new PackageContents(PackageDigest.of(found).sha256(), files);
  }
}
