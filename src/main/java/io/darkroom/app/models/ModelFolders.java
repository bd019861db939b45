package io.darkroom.app.models;

import io.darkroom.render.ObjectUri;
import io.darkroom.render.Outage;
import io.darkroom.render.RetryPolicy;
import io.darkroom.s3.S3Objects;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Finds the folders of the configured packages. Those of a bucket are downloaded once into a cache.
 * A package that cannot be downloaded is broken; the others are located. {@link #locate} is called
 * by one thread; {@link #close} ends its retries, and lets other processes remove the packages.
 */
public final class ModelFolders implements AutoCloseable {
  private final Supplier<S3Objects> store;
  private final BucketSettings settings;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final Report report;
  private final Outage outage;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<PackageCache> cache = Optional.empty();

  /**
   * Receives lines about downloads.
   *
   * @param progress receives a line when a download begins, ends, or waits for another process
   * @param problem receives failures of the store that are retried
   */
  public record Report(Consumer<String> progress, Consumer<String> problem) {}

  /**
   * @param store returns the store; called only if there is a bucket
   * @param clock the time of use of packages in the cache
   * @param nanoClock measures downloads
   */
  public ModelFolders(
      Supplier<S3Objects> store,
      BucketSettings settings,
      Clock clock,
      LongSupplier nanoClock,
      Report report) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.report = report;
    this.outage = new Outage("reading model packages", report.problem(), nanoClock);
  }

  /** Returns why the store cannot be read at the moment; empty if it can. */
  public Optional<String> problem() {
    return outage.problem();
  }

  /**
   * Returns the folders of all packages, in the order of the sources.
   *
   * @throws UnusableModels if the store refuses to list a prefix
   * @throws IOException if the cache cannot be used
   * @throws InterruptedException if this was closed in the meantime
   */
  public LocatedModels locate(List<ModelSource> sources) throws IOException, InterruptedException {
    try {
      LocatedModels located = all(sources);
      checkOpen();
      return located;
    } catch (UnusableModels failure) {
      checkOpen();
      throw failure;
    }
  }

  private LocatedModels all(List<ModelSource> sources) throws IOException {
    if (ModelSource.prefixes(sources).isEmpty()) {
      return LocatedModels.in(ModelSource.folders(sources));
    }
    BucketModels buckets = open();
    for (ObjectUri prefix : ModelSource.prefixes(sources)) {
      buckets.list(prefix);
    }
    List<Path> folders = new ArrayList<>();
    for (ModelSource source : sources) {
      source.folder().ifPresent(folders::add);
      source.prefix().ifPresent(prefix -> folders.addAll(buckets.folders(prefix)));
    }
    return new LocatedModels(folders, buckets.broken());
  }

  private BucketModels open() throws IOException {
    PackageCache opened = cache();
    S3Objects objects = store.get();
    return new BucketModels(
        () -> new PackageListing(objects, calls(settings.listing())),
        opened,
        new PackageDownload(objects, calls(settings.reading()), nanoClock, report.progress()));
  }

  private PackageCache cache() throws IOException {
    if (cache.isEmpty()) {
      cache =
          Optional.of(
              PackageCache.open(settings.cache(), settings.cacheBytes(), clock, report.progress()));
    }
    return cache.get();
  }

  private StoreCalls calls(RetryPolicy policy) {
    return new StoreCalls(policy, this::pause, outage);
  }

  /** Waits; returns false if this was closed. */
  private boolean pause(Duration delay) {
    try {
      return !closed.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void checkOpen() throws InterruptedException {
    if (closed.getCount() == 0) {
      throw new InterruptedException("closed");
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    if (cache.isPresent()) {
      cache.get().close();
    }
  }
}
