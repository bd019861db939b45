package io.darkroom.kafka;

import io.darkroom.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Keeps renders running after their partition has moved to another worker. Each claim is marked in
 * the topic of attempts, and the next worker waits until the render ends. The mark is a lease of
 * six seconds, as long as the session of the group, which this class renews every second. If this
 * worker dies, the lease expires and the next worker renders the record. A render is lost if its
 * lease cannot be renewed or if it is not finished in time. Safe for use by many threads.
 */
final class HandOver implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HandOver.class);
  private static final Duration LEASE = Duration.ofSeconds(6);
  private static final long RENEWAL_SECONDS = 1;
  private static final long MARK_SECONDS = 2;

  /**
   * Time without a stored mark after which this worker stops a render. This time and the second
   * until the next renewal are less than the lease, so this worker stops before the next one
   * begins.
   */
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(4);

  private final Attempts attempts;
  private final LongSupplier nanoClock;
  private final List<Moved> moved = new ArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(HandOver::daemon);

  @SuppressWarnings("FutureReturnValueIgnored") // runs until close
  HandOver(Attempts attempts, LongSupplier nanoClock) {
    this.attempts = attempts;
    this.nanoClock = nanoClock;
    thread.scheduleWithFixedDelay(this::renew, RENEWAL_SECONDS, RENEWAL_SECONDS, TimeUnit.SECONDS);
  }

  /** A claim that is not settled, with the partition and offset of its record. */
  record Held(TopicPartition partition, long offset, Claim claim) {}

  /** A render that continues after its partition has moved. */
  private static final class Moved {
    private final Held held;
    private final long endNanos;

    /** Time at which the last mark that the broker has stored was written. */
    private volatile long storedNanos;

    private Moved(Held held, long nowNanos, long endNanos) {
      this.held = held;
      this.endNanos = endNanos;
      this.storedNanos = nowNanos;
    }
  }

  /**
   * Keeps running renders although their partitions move. Renders that have not written their claim
   * yet are lost, and the next worker renders them.
   *
   * @param most maximum time that they may continue
   * @return false if the broker did not store the marks in time; then no render is handed over, and
   *     the partitions must not move yet
   */
  boolean begin(List<Held> running, Duration most) {
    List<Future<Boolean>> marks = new ArrayList<>();
    try {
      for (Held held : running) {
        mark(held, most).ifPresent(marks::add);
      }
      for (Future<Boolean> mark : marks) {
        mark.get(MARK_SECONDS, TimeUnit.SECONDS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      LOG.warnf(
          "running renders could not be handed over reason=%s", Printable.logValue(e.toString()));
    }
    running.forEach(this::takeBack);
    return false;
  }

  private synchronized Optional<CompletableFuture<Boolean>> mark(Held held, Duration most) {
    moved.removeIf(each -> each.held.equals(held));
    long now = nanoClock.getAsLong();
    Optional<CompletableFuture<Boolean>> mark =
        attempts.handOver(held.partition(), held.offset(), LEASE);
    if (mark.isEmpty()) {
      held.claim().lose();
    } else {
      moved.add(new Moved(held, now, now + most.toNanos()));
    }
    return mark;
  }

  private synchronized void takeBack(Held held) {
    moved.removeIf(each -> each.held.equals(held));
    attempts.takeBack(held.partition(), held.offset());
  }

  /** Loses all renders that were handed over. */
  synchronized void loseAll() {
    moved.forEach(each -> each.held.claim().lose());
    moved.clear();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  /** Renews the leases of running renders, and loses the renders that must stop. */
  void renew() {
    try {
      for (Moved each : renewed()) {
        each.held.claim().lose();
      }
    } catch (RuntimeException fault) {
      LOG.error("internal error in the hand-over of renders", fault);
    }
  }

  /** Renews the leases of running renders. Returns the renders that must stop. */
  private synchronized List<Moved> renewed() {
    List<Moved> stop = new ArrayList<>();
    for (Moved each : moved) {
      if (!renew(each)) {
        stop.add(each);
      }
    }
    moved.removeAll(stop);
    return stop;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a failed mark is treated as a missing one
  private boolean renew(Moved each) {
    long now = nanoClock.getAsLong();
    boolean late = now - each.storedNanos > GIVE_UP_NANOS;
    if (each.held.claim().isOverdue(each.endNanos) || late) {
      return false;
    }
    try {
      Optional<CompletableFuture<Boolean>> mark =
          attempts.handOver(each.held.partition(), each.held.offset(), LEASE);
      mark.ifPresent(written -> written.thenRun(() -> each.storedNanos = now));
      return mark.isPresent();
    } catch (KafkaException e) {
      LOG.debug("lease not renewed", e);
      return true;
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "hand-over");
    thread.setDaemon(true);
    return thread;
  }
}
