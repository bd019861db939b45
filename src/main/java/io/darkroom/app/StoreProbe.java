package io.darkroom.app;

import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.Outage;
import io.darkroom.s3.PermissionCheck;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Checks whether the worker can use the store. At start and after a failed call it checks all
 * permissions; otherwise it makes one cheap call. Safe for use by many threads.
 */
@Singleton
public final class StoreProbe {
  private static final Logger LOG = Logger.getLogger(StoreProbe.class);

  private final PermissionCheck check;
  private final String bucket;
  private final Outage writes;
  private List<String> warned = List.of();
  private String facts = "";
  private volatile boolean fullCheckDue = true;

  @Inject
  StoreProbe(PermissionCheck check, DarkroomConfig config, LongSupplier nanoClock) {
    this.check = check;
    this.writes = new Outage("storing results", LOG::warn, nanoClock);
    this.bucket = ObjectUri.parse(config.output().prefix()).bucket();
  }

  /**
   * Checks the store. Called by one thread.
   *
   * @throws StoreFailure if it is not usable
   */
  public void probe() {
    boolean all = fullCheckDue;
    fullCheckDue = false;
    try {
      if (all) {
        logWarnings(check.check());
        logFacts(check.facts());
        writes.worked();
      } else {
        check.quickCheck();
      }
    } catch (RuntimeException failure) {
      fullCheckDue = true;
      throw failure;
    }
  }

  /** Records a successful write. */
  void wrote(ObjectUri uri) {
    if (uri.bucket().equals(bucket)) {
      writes.worked();
    }
  }

  /** Records a failed write. A refusal may affect only one object. */
  void notWritten(ObjectUri uri, StoreFailure failure) {
    fullCheckDue = true;
    if (uri.bucket().equals(bucket) && !failure.refused()) {
      writes.failed(String.valueOf(failure.getMessage()));
    }
  }

  /** Records a failed read. */
  void notRead() {
    fullCheckDue = true;
  }

  /** Returns why the last write failed; empty if it succeeded. */
  public Optional<String> problem() {
    return writes.problem();
  }

  private void logFacts(String found) {
    if (!found.equals(facts)) {
      LOG.infof("store bucket=%s %s", bucket, found);
      facts = found;
    }
  }

  private void logWarnings(List<String> warnings) {
    warnings.stream()
        .filter(each -> !warned.contains(each))
        .forEach(each -> LOG.warn("store: " + each));
    warned = warnings;
  }
}
