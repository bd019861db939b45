package io.darkroom.app;

import io.darkroom.app.metrics.SpoolGauges;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.Spool;
import io.darkroom.render.SpooledStore;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The spool of the worker, if one is configured, and the thread that stores the spooled results
 * when the store works again. Safe for use by many threads.
 */
@Singleton
public final class ResultSpool {
  private static final Logger LOG = Logger.getLogger(ResultSpool.class);
  private static final long PAUSE_SECONDS = 5;

  private final Optional<Spool> spool;
  private final Optional<String> unusable;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(ResultSpool::daemon);

  @Inject
  ResultSpool(DarkroomConfig config, SpoolGauges gauges) {
    Optional<Spool> opened = Optional.empty();
    Optional<String> problem = Optional.empty();
    if (config.spool().folder().isPresent()) {
      Path folder = config.spool().folder().get();
      try {
        opened = Optional.of(Spool.open(folder, config.spool().maxBytes()));
      } catch (IOException failure) {
        problem = Optional.of(unusable(folder, failure));
      }
    }
    this.spool = opened;
    this.unusable = problem;
    gauges.register(opened);
  }

  private static String unusable(Path folder, IOException failure) {
    return "darkroom.spool.folder: must be a folder that only this worker uses and can write to, "
        + "is "
        + folder.toAbsolutePath()
        + " ("
        + failure.getMessage()
        + ")";
  }

  /** Returns why the configured spool is not usable; empty if it is usable or not configured. */
  Optional<String> unusable() {
    return unusable;
  }

  /** Returns why no request may begin; empty while the spool has room. */
  public Optional<String> problem() {
    return spool.flatMap(Spool::problem);
  }

  /**
   * Returns the store for results, which spools objects while the given store fails. Call it once.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // runs until close
  ObjectStore wrap(ObjectStore store) {
    if (spool.isEmpty()) {
      return store;
    }
    SpooledStore results = new SpooledStore(store, spool.get());
    thread.scheduleWithFixedDelay(() -> storeAll(results), 0, PAUSE_SECONDS, TimeUnit.SECONDS);
    return results;
  }

  private static void storeAll(SpooledStore results) {
    try {
      results.storeAll();
    } catch (RuntimeException fault) {
      LOG.error("internal error in the spool", fault);
    }
  }

  @PreDestroy
  void close() {
    thread.shutdownNow();
    try {
      if (spool.isPresent()) {
        spool.get().close();
      }
    } catch (IOException failure) {
      LOG.debug("the lock of the spool is not released", failure);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "spool");
    thread.setDaemon(true);
    return thread;
  }
}
