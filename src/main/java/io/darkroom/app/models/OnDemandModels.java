package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import io.darkroom.render.FirstModels;
import io.darkroom.render.Models;
import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.Outage;
import io.darkroom.render.ServedModels;
import io.darkroom.s3.S3Objects;
import io.darkroom.text.Printable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Packages that are loaded when a request names them. One thread lists the prefixes, and one
 * downloads and loads the packages, one after the other. When too many are loaded, those that no
 * request uses are unloaded, the least recently used first.
 *
 * <p>{@link #release} ends all waits when the worker stops; {@link #close} lets other processes
 * remove the packages from the cache.
 */
public final class OnDemandModels implements Models, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(OnDemandModels.class);
  private static final long CLOSE_SECONDS = 5;
  private static final String DETAILS = ": cannot be loaded; the worker's log has the details";

  private final OnDemandSettings settings;
  private final ModelLoader loader;
  private final LongSupplier nanoClock;
  private final ModelFolders.Report report;
  private final ExecutorService listings = thread("models-list");
  private final ExecutorService loads = thread("models-load");
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final PackageNames names;
  private final OnDemandPackages packages;
  private final OnDemandPlaces places;

  /**
   * @param objects the store
   * @param buckets the cache, and the delays between tries
   * @param clock the time of use of packages in the cache
   * @param nanoClock measures downloads and the age of answers
   */
  public OnDemandModels(
      OnDemandSettings settings,
      S3Objects objects,
      BucketSettings buckets,
      ModelLoader loader,
      Clock clock,
      LongSupplier nanoClock,
      ModelFolders.Report report) {
    this.settings = settings;
    this.loader = loader;
    this.nanoClock = nanoClock;
    this.report = report;
    this.places = new OnDemandPlaces(settings.most(), settings.mostWaiting());
    Outage outage = new Outage("reading model packages on demand", report.problem(), nanoClock);
    PackageListing listing =
        new PackageListing(objects, new StoreCalls(buckets.listing(), this::pause, outage));
    StoreCalls reading = new StoreCalls(buckets.reading(), this::pause, outage);
    this.names = new PackageNames(settings, listing, listings, nanoClock);
    this.packages =
        new OnDemandPackages(
            listing,
            new PackageDownload(objects, reading, nanoClock, report.progress()),
            buckets,
            clock,
            report.progress());
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Returns whether there is a prefix of packages on demand. */
  public boolean enabled() {
    return !settings.prefixes().isEmpty();
  }

  /** Returns these models for all names that the models of the start do not have. */
  public Models after(ServedModels start) {
    return enabled() ? new FirstModels(start, this) : start;
  }

  @Override
  public ServedModels loaded() {
    return places.loaded();
  }

  /** Returns why packages are refused at the moment. */
  public List<String> broken() {
    return places.broken();
  }

  @Override
  public Demand demand(String name) {
    OnDemandPlaces.Entered entered = places.enter(name, nanoClock.getAsLong());
    OnDemandPlace place = entered.place();
    if (entered.fresh()) {
      find(place);
    }
    return new Demand(place.answer(), () -> places.leave(place, nanoClock.getAsLong()));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the place has the outcome
  private void find(OnDemandPlace place) {
    try {
      CompletableFuture<Map<String, ObjectUri>> listed = names.get();
      listed.whenComplete((found, failure) -> found(place, found, failure));
    } catch (RejectedExecutionException stopping) {
      LOG.debug("released", stopping); // and so is the place
    }
  }

  private void found(
      OnDemandPlace place, @Nullable Map<String, ObjectUri> found, @Nullable Throwable failure) {
    Optional<ObjectUri> prefix = Optional.ofNullable(found).map(all -> all.get(place.name()));
    if (prefix.isPresent()) {
      loads.execute(() -> load(place, prefix.get()));
    } else if (failure == null) {
      places.remove(place);
      place.answer().complete(new Answer.Absent());
    } else {
      fail(place, cause(failure));
    }
  }

  /** Returns the failure without the wrapper of futures. */
  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private void fail(OnDemandPlace place, Throwable failure) {
    places.remove(place);
    place.answer().completeExceptionally(withoutRefusal(failure));
  }

  /** A refused bucket of packages is not the fault of a request, so it is tried again. */
  private static Throwable withoutRefusal(Throwable failure) {
    return failure instanceof StoreFailure refusal && refusal.refused()
        ? new StoreFailure(String.valueOf(refusal.getMessage()), refusal)
        : failure;
  }

  private void load(OnDemandPlace place, ObjectUri prefix) {
    if (places.abandon(place)) {
      return; // every request that waited has ended
    }
    try {
      place.answer().complete(answer(place, prefix));
    } catch (StoreFailure failure) {
      fail(place, failure);
    } catch (RuntimeException | StackOverflowError fault) {
      LOG.errorf(fault, "internal error while loading a package model=%s", place.name());
      place.answer().complete(refuse(place, new Answer.Broken(place.name() + DETAILS)));
    }
  }

  private Answer answer(OnDemandPlace place, ObjectUri prefix) {
    try {
      Optional<OnDemandPackages.Cached> files = packages.fetch(place.name(), prefix, this::dropOne);
      return files.isEmpty() ? refuse(place, new Answer.Absent()) : loaded(place, files.get());
    } catch (BrokenPackage broken) {
      BrokenPackage named = broken.name().isEmpty() ? broken.in(place.name()) : broken;
      String reason = Printable.collapsed(String.valueOf(named.getMessage()));
      report.problem().accept("model package not served reason=" + Printable.logValue(reason));
      return refuse(place, new Answer.Broken(reason));
    }
  }

  private Answer loaded(OnDemandPlace place, OnDemandPackages.Cached files) throws BrokenPackage {
    boolean kept = false;
    try {
      makeRoom();
      Answer.Loaded loaded = new Answer.Loaded(loader.load(files.folder()));
      places.load(place, loaded, files);
      kept = true;
      return loaded;
    } finally {
      if (!kept) {
        close(files);
      }
    }
  }

  private Answer refuse(OnDemandPlace place, Answer refusal) {
    long until = nanoClock.getAsLong() + settings.retryBroken().toNanos();
    places.refuse(place, refusal, until);
    return refusal;
  }

  private void makeRoom() {
    boolean dropped = true;
    while (dropped && places.full()) {
      dropped = dropOne();
    }
  }

  /** Unloads the least recently used package that no request uses; returns false if none is. */
  private boolean dropOne() {
    Optional<OnDemandPlace> idle = places.takeIdle();
    idle.ifPresent(
        place -> {
          loader.unload(place.name());
          place.files().ifPresent(this::close);
          report.progress().accept("model unloaded model=" + place.name());
        });
    return idle.isPresent();
  }

  private void close(OnDemandPackages.Cached files) {
    try {
      files.close();
    } catch (IOException failure) {
      report.problem().accept("package not released reason=" + PackageListing.message(failure));
    }
  }

  /** Waits between two tries; returns false if the worker stops. */
  private boolean pause(Duration delay) {
    try {
      return !stopped.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends all waits and downloads. Requests that wait stay unsettled. May be called again. */
  public void release() {
    places.release();
    stopped.countDown();
    listings.shutdownNow();
    loads.shutdownNow();
  }

  /** Releases the packages of the cache. Close the engine first. */
  @Override
  public void close() {
    release();
    try {
      loads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    places.all().stream().flatMap(place -> place.files().stream()).forEach(this::close);
  }
}
