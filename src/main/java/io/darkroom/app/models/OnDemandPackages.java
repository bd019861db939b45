package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Brings single packages of a bucket into the cache. One thread calls it. */
final class OnDemandPackages {
  private static final String TOP = ".";

  private final PackageListing listing;
  private final PackageDownload download;
  private final BucketSettings settings;
  private final Clock clock;
  private final Consumer<String> progress;

  OnDemandPackages(
      PackageListing listing,
      PackageDownload download,
      BucketSettings settings,
      Clock clock,
      Consumer<String> progress) {
    this.listing = listing;
    this.download = download;
    this.settings = settings;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * A package in the cache, which is not removed until this is closed.
   *
   * @param folder the package
   * @param use keeps it in the cache
   */
  record Cached(Path folder, PackageCache use) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      use.close();
    }
  }

  /**
   * Returns a package in the cache, downloaded if necessary; empty if the prefix has no model.
   *
   * @param dropOne gives up one package of the cache that is not in use; returns false if there is
   *     none
   * @throws StoreFailure if the store cannot be reached, or if the packages in use leave no room
   * @throws BrokenPackage if the store refuses a file, or the package breaks a rule
   */
  Optional<Cached> fetch(String name, ObjectUri prefix, BooleanSupplier dropOne)
      throws BrokenPackage {
    Optional<BucketPackage> pack = listing.read(name, prefix);
    if (pack.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(cached(pack.get(), dropOne));
    } catch (IOException | IllegalArgumentException problem) {
      // A full disk, or a name that this file system does not have.
      String message = PackageListing.message(problem);
      throw new BrokenPackage(TOP, "", "cannot be stored in the cache: " + message, problem);
    }
  }

  private Cached cached(BucketPackage pack, BooleanSupplier dropOne)
      throws IOException, BrokenPackage {
    PackageCache cache =
        PackageCache.open(settings.cache(), settings.cacheBytes(), clock, progress);
    boolean kept = false;
    try {
      Optional<Path> there = cache.find(pack);
      Path entry = there.isPresent() ? there.get() : added(cache, pack, dropOne);
      kept = true;
      return new Cached(entry.resolve(pack.name()), cache);
    } finally {
      if (!kept) {
        cache.close();
      }
    }
  }

  private Path added(PackageCache cache, BucketPackage pack, BooleanSupplier dropOne)
      throws IOException, BrokenPackage {
    while (true) {
      try {
        return cache.add(pack, folder -> download.into(folder, pack));
      } catch (BrokenPackage broken) {
        if (!(broken.getCause() instanceof CacheRoom.InUse)) {
          throw outage(broken);
        }
        if (!dropOne.getAsBoolean()) {
          // Counted as a failed try: packages that are never released may take the room.
          throw new StoreFailure(String.valueOf(broken.in(pack.name()).getMessage()), broken);
        }
      }
    }
  }

  /**
   * Returns the problem of a package.
   *
   * @throws StoreFailure if it is a store that cannot be reached
   */
  private static BrokenPackage outage(BrokenPackage broken) {
    if (broken.getCause() instanceof StoreFailure failure && !failure.refused()) {
      throw failure;
    }
    return broken;
  }
}
