package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the configured packages are on the disk.
 *
 * @param folders folders of packages, or packages
 * @param broken the packages of buckets that could not be stored in a folder
 */
public record LocatedModels(List<Path> folders, List<BrokenPackage> broken) {
  public LocatedModels {
    folders = List.copyOf(folders);
    broken = List.copyOf(broken);
  }

  /** Returns packages that are in folders already. */
  public static LocatedModels in(List<Path> folders) {
    return new LocatedModels(folders, List.of());
  }
}
