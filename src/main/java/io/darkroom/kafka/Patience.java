package io.darkroom.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Tries again, with growing pauses, until it works or the worker gives its records back. */
final class Patience {
  private static final Logger LOG = Logger.getLogger(Patience.class);

  private final KafkaSettings settings;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean abandoned;

  Patience(KafkaSettings settings) {
    this.settings = settings;
  }

  /** A value and how many tries it took. */
  record Tried<T>(T value, int tries) {}

  /**
   * The value, as soon as there is one; empty where the worker's time is over first.
   *
   * @param what is tried, for the log
   * @param source of the record
   */
  <T> Optional<Tried<T>> insist(String what, String source, Supplier<T> attempt) {
    for (int tries = 1; !abandoned; tries++) {
      try {
        Tried<T> tried = new Tried<>(attempt.get(), tries);
        return abandoned ? Optional.empty() : Optional.of(tried);
      } catch (RuntimeException e) {
        // The top of a worker's thread: a fault must cost neither the record nor the channel.
        Duration pause = settings.pause(tries);
        LOG.warnf(
            e, "%s failed source=%s tries=%d pause=%dms", what, source, tries, pause.toMillis());
        if (overWithin(pause)) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** Ends all pauses; a try under way is the last. */
  void end() {
    over.countDown();
  }

  /** Nothing counts from now on, not even what a try under way comes to. */
  void abandon() {
    abandoned = true;
    over.countDown();
  }

  private boolean overWithin(Duration pause) {
    try {
      return over.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
