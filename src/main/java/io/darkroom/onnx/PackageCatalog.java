package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The model packages of some folders. A package has the name of its folder.
 *
 * @param packages the readable packages, by name
 * @param broken the errors of the others, by folder
 */
public record PackageCatalog(Map<String, ModelPackage> packages, Map<Path, BrokenPackage> broken) {
  private static final Logger LOG = Logger.getLogger(PackageCatalog.class);

  /** Maximum depth of a package's files below a configured folder. */
  private static final int DEPTH = 4;

  public PackageCatalog {
    packages = Collections.unmodifiableMap(new TreeMap<>(packages));
    broken = Collections.unmodifiableMap(new TreeMap<>(broken));
  }

  /**
   * Reads the packages in {@code folders}; each is a package or a folder of packages.
   *
   * @throws IOException if a folder cannot be listed
   */
  public static PackageCatalog read(List<Path> folders) throws IOException {
    Map<String, ModelPackage> packages = new TreeMap<>();
    Map<Path, BrokenPackage> broken = new TreeMap<>();
    for (Path candidate : candidates(folders)) {
      try {
        ModelPackage pack = PackageReader.read(candidate);
        ModelPackage other = packages.get(pack.card().name());
        if (other != null) {
          throw new BrokenPackage(
                  PackageFiles.TOP, "", "has the name of the package in " + other.folder())
              .in(pack.card().name());
        }
        packages.put(pack.card().name(), pack);
      } catch (BrokenPackage e) {
        broken.put(candidate, e);
      }
    }
    return new PackageCatalog(packages, broken);
  }

  private static List<Path> candidates(List<Path> folders) throws IOException {
    List<Path> candidates = new ArrayList<>();
    for (Path folder : folders) {
      Path absolute = folder.toAbsolutePath().normalize();
      if (Files.exists(absolute.resolve(ModelPackage.INDEX)) || HubCache.is(absolute)) {
        candidates.add(absolute);
      } else {
        try (Stream<Path> children = Files.list(absolute)) {
          children
              .filter(Files::isDirectory)
              .filter(child -> !child.getFileName().toString().startsWith("."))
              .filter(PackageCatalog::holdsModels)
              .sorted()
              .forEach(candidates::add);
        }
      }
    }
    return candidates;
  }

  /**
   * Returns whether a folder was meant to be a package, even if it is wrong; caches of tools are
   * not.
   */
  private static boolean holdsModels(Path folder) {
    try (Stream<Path> files =
        Files.find(
            folder,
            DEPTH,
            (file, facts) -> meant(file.getFileName().toString()),
            FileVisitOption.FOLLOW_LINKS)) {
      boolean holds = files.findAny().isPresent();
      if (!holds) {
        LOG.infof("folder skipped, it contains no model folder=%s", folder);
      }
      return holds;
    } catch (IOException | UncheckedIOException unreadable) {
      // Reading it as a package reports the problem.
      return true;
    }
  }

  /** Returns whether a file of this name shows that its folder was meant to be a package. */
  public static boolean meant(String name) {
    return name.endsWith(".onnx") || name.endsWith(".json") || name.endsWith(".safetensors");
  }
}
