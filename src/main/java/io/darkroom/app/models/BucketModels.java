package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The packages of some prefixes in the cache. All prefixes are listed before the first download, so
 * that no download removes a cached package of another prefix.
 */
final class BucketModels {
  private final Supplier<PackageListing> listings;
  private final PackageCache cache;
  private final PackageDownload download;
  private final Map<ObjectUri, List<BucketPackage>> listed = new HashMap<>();
  private final Map<BucketPackage, Path> found = new HashMap<>();
  private final List<BrokenPackage> broken = new ArrayList<>();

  BucketModels(Supplier<PackageListing> listings, PackageCache cache, PackageDownload download) {
    this.listings = listings;
    this.cache = cache;
    this.download = download;
  }

  /** Lists a prefix, and keeps its cached packages from being removed. */
  void list(ObjectUri prefix) throws IOException {
    PackageListing listing = listings.get();
    listing.add(prefix);
    broken.addAll(listing.broken());
    listed.put(prefix, listing.packages());
    for (BucketPackage pack : listing.packages()) {
      try {
        cache.find(pack).ifPresent(folder -> found.put(pack, folder));
      } catch (InvalidPathException unknown) {
        // The download reports it.
      }
    }
  }

  /** Returns the folders of the packages of a prefix that was listed. Downloads the others. */
  List<Path> folders(ObjectUri prefix) {
    List<Path> folders = new ArrayList<>();
    for (BucketPackage pack : listed.getOrDefault(prefix, List.of())) {
      folder(pack).ifPresent(folders::add);
    }
    return folders;
  }

  /** Returns the packages that have no folder. */
  List<BrokenPackage> broken() {
    return broken;
  }

  private Optional<Path> folder(BucketPackage pack) {
    try {
      Path there = found.get(pack);
      return Optional.of(
          there == null ? cache.add(pack, folder -> download.into(folder, pack)) : there);
    } catch (BrokenPackage problem) {
      broken.add(problem.in(pack.name()));
    } catch (IOException | IllegalArgumentException problem) {
      // A full disk, or a name that this file system does not have.
      String message = PackageListing.message(problem);
      broken.add(
          new BrokenPackage(".", "", "cannot be stored in the cache: " + message, problem)
              .in(pack.name()));
    }
    return Optional.empty();
  }
}
