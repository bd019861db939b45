package io.darkroom.kafka;

import io.darkroom.text.Printable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
import org.jboss.logging.Logger;

/**
 * One consumer of a share group, on its own thread. It receives one record, renews the lock of the
 * record while a worker thread settles it, and acknowledges the record. After each renewal it polls
 * until it receives the record again; otherwise the consumer would acquire another record.
 */
final class ShareMember implements Runnable {
  private static final Logger LOG = Logger.getLogger(ShareMember.class);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Maximum time to wait until the other consumers are closed. */
  private static final Duration LEAVING = Duration.ofSeconds(2);

  /** Maximum time to leave the group, even if the broker does not answer. */
  private static final Duration CLOSING = Duration.ofSeconds(2);

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
  private final ReadLoop loop;
  private final LongSupplier nanoClock;
  private volatile Hold hold = new Hold(Claim.alreadyLost(), new CompletableFuture<>());

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
      ReadLoop loop,
      LongSupplier nanoClock) {
    this.opening = opening;
    this.receiving = receiving;
    this.workers = workers;
    this.gate = gate;
    this.attempts = attempts;
    this.takers = takers;
    this.consumers = takers.availablePermits();
    this.loop = loop;
    this.nanoClock = nanoClock;
  }

  /** A record that this consumer holds. The future completes with whether it was settled. */
  private record Hold(Claim claim, CompletableFuture<Boolean> end) {}

  /** Stops receiving records, and returns the current record if its render has not begun. */
  void stop() {
    loop.close();
    hold.claim.loseQueued();
  }

  /** Returns the current record to the broker. */
  void lose() {
    hold.claim.lose();
  }

  @Override
  public void run() {
    try {
      loop.run(this::consume);
    } catch (Error e) {
      workers.fatal(e);
    }
  }

  private void consume() throws InterruptedException {
    takers.acquire();
    KafkaShareConsumer<byte[], byte[]> consumer = opening.get();
    try {
      boolean usable = true;
      while (usable && !loop.closed() && gate.await()) {
        usable = settleNext(consumer);
      }
    } finally {
      consumer.close(CLOSING);
      takers.release();
    }
  }

  /**
   * Settles the next record, if there is one. Returns false if a renewal failed. In that case the
   * consumer must be closed, because the client then waits forever for the renewed record and
   * acquires further records without returning them.
   */
  private boolean settleNext(KafkaShareConsumer<byte[], byte[]> consumer)
      throws InterruptedException {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    loop.worked();
    boolean usable = true;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      takers.release();
      try {
        usable &= settle(consumer, record);
      } finally {
        takers.acquireUninterruptibly();
      }
    }
    return usable;
  }

  /** Settles a record and acknowledges it. Returns false if a renewal failed. */
  private boolean settle(
      KafkaShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    if (!renew(consumer, record)) {
      return false;
    }
    Claim claim = Claim.held(nanoClock);
    Hold taken = new Hold(claim, new CompletableFuture<>());
    claim.onLost(() -> taken.end.complete(false));
    hold = taken;
    CompletableFuture<Boolean> work =
        workers
            .settle(receiving.apply(record), claim)
            .whenComplete((done, fault) -> completeIf(fault == null && done, taken));
    if (loop.closed()) {
      stop();
    }
    try {
      Optional<Boolean> done = awaitRenewing(consumer, record, taken.end);
      acknowledge(consumer, record, claim, done);
      return done.isPresent();
    } finally {
      claim.lose();
      awaitUnlessStopped(work);
    }
  }

  /**
   * Completes the hold if the record is done. A record that was not settled is held until the
   * worker ends.
   */
  private static void completeIf(boolean done, Hold hold) {
    if (done) {
      hold.end.complete(true);
    }
  }

  /**
   * Renews the lock until the record ends. Returns whether the record was settled; empty if the
   * lock was lost.
   */
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
   * Returns the record to the broker after the other consumers of this worker are closed. Otherwise
   * one of them could acquire it, and each acquisition counts as a delivery.
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
    warnLost(record, AcknowledgeType.RENEW, "the client did not return it");
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
    failure.ifPresent(reason -> warnLost(record, type, String.valueOf(reason.getMessage())));
    return failure.isEmpty();
  }

  private static void warnLost(
      ConsumerRecord<byte[], byte[]> record, AcknowledgeType type, String reason) {
    LOG.warnf(
        "record lost source=%s/%d/%d acknowledgement=%s reason=%s",
        record.topic(), record.partition(), record.offset(), type, Printable.logValue(reason));
  }

  /**
   * Waits for the end of a lost render, so that the number of records in flight stays within its
   * limit.
   */
  private void awaitUnlessStopped(CompletableFuture<Boolean> work) throws InterruptedException {
    while (!work.isDone() && !loop.closedWithin(END_POLL)) {
      // A lost render ends at its next evaluation.
    }
  }
}
