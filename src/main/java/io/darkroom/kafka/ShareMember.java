package io.darkroom.kafka;

import io.darkroom.render.Outage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * One consumer of a share group, on a thread of its own. It takes one record, renews the lock of
 * the record while a worker thread settles it, and acknowledges it. After each renewal it polls
 * until it receives the record again; otherwise the consumer would acquire a further record.
 */
final class ShareMember implements Runnable {
  private static final Logger LOG = Logger.getLogger(ShareMember.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** The longest time to wait for the other consumers to close. */
  private static final Duration LEAVING = Duration.ofSeconds(2);

  private static final Duration END_POLL = Duration.ofMillis(50);

  /** The first poll after a renewal usually returns the record. */
  private static final Duration HAND_BACK = Duration.ofMillis(100);

  private static final int HAND_BACKS = 50;

  /** The shortest lock duration that brokers allow by default. */
  private static final int SHORTEST_LOCK_MILLIS = 15_000;

  /** Renewals per lock duration. */
  private static final int RENEWALS = 3;

  private final Supplier<KafkaShareConsumer<byte[], byte[]>> opening;
  private final Function<ConsumerRecord<byte[], byte[]>, ReceivedRecord> receiving;
  private final RequestWorkers workers;
  private final IntakeGate gate;
  private final Attempts attempts;
  private final Semaphore takers;
  private final int consumers;
  private final Outage outage;
  private final LongSupplier nanoClock;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Hold hold = new Hold(Claim.gone(), new CompletableFuture<>());

  /**
   * @param takers one permit per consumer of this worker, held while it may acquire records
   */
  ShareMember(
      Supplier<KafkaShareConsumer<byte[], byte[]>> opening,
      Function<ConsumerRecord<byte[], byte[]>, ReceivedRecord> receiving,
      RequestWorkers workers,
      IntakeGate gate,
      Attempts attempts,
      Semaphore takers,
      Outage outage,
      LongSupplier nanoClock) {
    this.opening = opening;
    this.receiving = receiving;
    this.workers = workers;
    this.gate = gate;
    this.attempts = attempts;
    this.takers = takers;
    this.consumers = takers.availablePermits();
    this.outage = outage;
    this.nanoClock = nanoClock;
  }

  /** A record that this consumer holds. The future gives whether it was settled. */
  private record Hold(Claim claim, CompletableFuture<Boolean> end) {}

  /** Takes no further records, and returns the record if it has not begun. */
  void stop() {
    stopped.countDown();
    Hold now = hold;
    if (now.claim.loseQueued()) {
      now.end.complete(false);
    }
  }

  /** Returns the record. */
  void lose() {
    hold.claim.lose();
  }

  @Override
  public void run() {
    try {
      while (!stoppedWithin(Duration.ZERO)) {
        consume();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Error e) {
      workers.fatal(e);
    }
  }

  private void consume() throws InterruptedException {
    takers.acquire();
    try (KafkaShareConsumer<byte[], byte[]> consumer = opening.get()) {
      while (!stoppedWithin(Duration.ZERO) && gate.await()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        outage.worked();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          takers.release();
          try {
            settle(consumer, record);
          } finally {
            takers.acquireUninterruptibly();
          }
        }
      }
    } catch (KafkaException e) {
      outage.failed(e.getClass().getSimpleName() + ": " + e.getMessage());
      stoppedWithin(PAUSE);
    } finally {
      takers.release();
    }
  }

  private void settle(
      KafkaShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    if (!renew(consumer, record)) {
      return;
    }
    Claim claim = Claim.held(nanoClock);
    Hold taken = new Hold(claim, new CompletableFuture<>());
    claim.onLost(() -> taken.end.complete(false));
    hold = taken;
    CompletableFuture<Boolean> work =
        workers
            .settle(receiving.apply(record), claim)
            .whenComplete((done, fault) -> completeIf(fault == null && done, taken));
    if (stoppedWithin(Duration.ZERO)) {
      stop();
    }
    try {
      acknowledge(consumer, record, claim, awaitRenewing(consumer, record, taken.end));
    } finally {
      claim.lose();
      awaitUnlessStopped(work);
    }
  }

  /** A record that was not settled is held until the worker ends. */
  private static void completeIf(boolean done, Hold hold) {
    if (done) {
      hold.end.complete(true);
    }
  }

  /** Whether the record was settled; empty if its lock was lost. */
  private static Optional<Boolean> awaitRenewing(
      KafkaShareConsumer<byte[], byte[]> consumer,
      ConsumerRecord<byte[], byte[]> record,
      CompletableFuture<Boolean> end)
      throws InterruptedException {
    int lock = consumer.acquisitionLockTimeoutMs().orElse(SHORTEST_LOCK_MILLIS);
    while (true) {
      try {
        return Optional.of(end.get(lock / RENEWALS, TimeUnit.MILLISECONDS));
      } catch (TimeoutException due) {
        if (!renew(consumer, record)) {
          return Optional.empty();
        }
      } catch (ExecutionException never) {
        throw new IllegalStateException(never);
      }
    }
  }

  private void acknowledge(
      KafkaShareConsumer<byte[], byte[]> consumer,
      ConsumerRecord<byte[], byte[]> record,
      Claim claim,
      Optional<Boolean> done)
      throws InterruptedException {
    if (done.isEmpty()) {
      return;
    }
    if (done.get()) {
      claim.end();
      acknowledge(consumer, record, AcknowledgeType.ACCEPT);
    } else {
      giveBack(consumer, record);
    }
  }

  /**
   * Returns the record, after the other consumers of this worker are closed: otherwise one of them
   * would acquire it, and each acquisition counts as a delivery.
   */
  private void giveBack(
      KafkaShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    attempts.flush();
    boolean alone = takers.tryAcquire(consumers, LEAVING.toNanos(), TimeUnit.NANOSECONDS);
    acknowledge(consumer, record, AcknowledgeType.RELEASE);
    if (alone) {
      takers.release(consumers);
    }
  }

  /** Renews the lock. Returns false if it was lost. */
  private static boolean renew(
      KafkaShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record) {
    if (!acknowledge(consumer, record, AcknowledgeType.RENEW)) {
      return false;
    }
    for (int i = 0; i < HAND_BACKS; i++) {
      for (ConsumerRecord<byte[], byte[]> each : consumer.poll(HAND_BACK)) {
        if (each.partition() == record.partition() && each.offset() == record.offset()) {
          return true;
        }
        consumer.acknowledge(each, AcknowledgeType.RELEASE);
      }
    }
    return false;
  }

  /** Acknowledges the record. Returns whether the broker accepted it. */
  private static boolean acknowledge(
      KafkaShareConsumer<byte[], byte[]> consumer,
      ConsumerRecord<byte[], byte[]> record,
      AcknowledgeType type) {
    Optional<? extends RuntimeException> failure;
    try {
      consumer.acknowledge(record, type);
      failure = consumer.commitSync().values().stream().flatMap(Optional::stream).findFirst();
    } catch (IllegalStateException lockRanOut) {
      failure = Optional.of(lockRanOut);
    }
    failure.ifPresent(
        reason ->
            LOG.warnf(
                "record lost source=%s/%d/%d acknowledgement=%s reason=\"%s\"",
                record.topic(), record.partition(), record.offset(), type, reason.getMessage()));
    return failure.isEmpty();
  }

  /** Waits for the end of a lost render, so that no more than the allowed number are in flight. */
  private void awaitUnlessStopped(CompletableFuture<Boolean> work) throws InterruptedException {
    while (!work.isDone() && !stoppedWithin(END_POLL)) {
      // A lost render ends at its next evaluation.
    }
  }

  private boolean stoppedWithin(Duration pause) throws InterruptedException {
    return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }
}
