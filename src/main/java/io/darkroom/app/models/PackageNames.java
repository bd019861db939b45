package io.darkroom.app.models;

import io.darkroom.job.ModelRef;
import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The names of the packages under some prefixes. Requests share a listing until it is too old, so
 * that any number of wrong names costs one listing. At most {@link PackageListing#MOST_PACKAGES}
 * names per prefix are kept. Safe for use by many threads.
 */
final class PackageNames {
  private final List<ObjectUri> prefixes;
  private final long ageNanos;
  private final PackageListing store;
  private final Executor thread;
  private final LongSupplier nanoClock;
  private CompletableFuture<Map<String, ObjectUri>> listing;
  private long listedNanos;

  /**
   * @param thread runs the listings
   */
  PackageNames(
      OnDemandSettings settings, PackageListing store, Executor thread, LongSupplier nanoClock) {
    this.prefixes = settings.prefixes();
    this.ageNanos = settings.listingAge().toNanos();
    this.store = store;
    this.thread = thread;
    this.nanoClock = nanoClock;
    this.listing = CompletableFuture.failedFuture(new IllegalStateException("not listed yet"));
  }

  /**
   * Returns the prefixes of the packages by their names. The future fails with {@link StoreFailure}
   * if a prefix cannot be listed; the next call then lists again.
   */
  synchronized CompletableFuture<Map<String, ObjectUri>> get() {
    long now = nanoClock.getAsLong();
    boolean old = listing.isDone() && now - listedNanos >= ageNanos;
    if (old || listing.isCompletedExceptionally()) {
      listedNanos = now;
      listing = CompletableFuture.supplyAsync(this::list, thread);
    }
    return listing;
  }

  private Map<String, ObjectUri> list() {
    Map<String, ObjectUri> names = new HashMap<>();
    for (ObjectUri prefix : prefixes) {
      for (String folder : folders(prefix)) {
        if (ModelRef.isName(folder)) {
          names.putIfAbsent(folder, prefix.child(folder + "/"));
        }
      }
    }
    return Map.copyOf(names);
  }

  private List<String> folders(ObjectUri prefix) {
    try {
      return store.level(prefix).folders();
    } catch (UnusableModels unusable) {
      if (unusable.getCause() instanceof StoreFailure failure) {
        throw failure;
      }
      throw new StoreFailure(PackageListing.message(unusable), unusable, true);
    }
  }
}
