package io.darkroom.app;

import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.Outage;
import io.darkroom.s3.PermissionCheck;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Checks whether the worker can use the store: it tries all permissions at start and after a failed
 * call, and makes one cheap call otherwise. Safe for use by many threads.
 */
@Singleton
public final class StoreProbe {
  private static final Logger LOG = Logger.getLogger(StoreProbe.class);

  private final PermissionCheck check;
  private final String bucket;
  private final Outage writes = new Outage("storing results", LOG::warn);
  private List<String> warned = List.of();
  private String facts = "";
  private volatile boolean doubtful = true;

  @Inject
  StoreProbe(PermissionCheck check, DarkroomConfig config) {
    this.check = check;
    this.bucket = ObjectUri.parse(config.output().prefix()).bucket();
  }

  /**
   * Checks the store. Called by one thread.
   *
   * @throws StoreFailure if it is not usable
   */
  public void ask() {
    boolean all = doubtful;
    doubtful = false;
    try {
      if (all) {
        warn(check.check());
        tell(check.facts());
        writes.worked();
      } else {
        check.look();
      }
    } catch (RuntimeException failure) {
      doubtful = true;
      throw failure;
    }
  }

  /** Reports a successful write. */
  void wrote(ObjectUri uri) {
    if (uri.bucket().equals(bucket)) {
      writes.worked();
    }
  }

  /** Reports a failed write; a refusal may concern only one object. */
  void notWritten(ObjectUri uri, StoreFailure failure) {
    doubtful = true;
    if (uri.bucket().equals(bucket) && !failure.refused()) {
      writes.failed(String.valueOf(failure.getMessage()));
    }
  }

  /** Reports a failed read. */
  void notRead() {
    doubtful = true;
  }

  /** Why the last write failed; empty if it succeeded. */
  public Optional<String> problem() {
    return writes.problem();
  }

  private void tell(String found) {
    if (!found.equals(facts)) {
      LOG.infof("store bucket=%s %s", bucket, found);
      facts = found;
    }
  }

  private void warn(List<String> warnings) {
    warnings.stream()
        .filter(each -> !warned.contains(each))
        .forEach(each -> LOG.warn("store: " + each));
    warned = warnings;
  }
}
