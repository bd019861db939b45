package io.darkroom.kafka;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The threads that settle records, one for each record that may be in flight. A record with earlier
 * attempts is settled while no other record is in flight, because it may have ended the earlier
 * workers.
 */
@Singleton
final class RequestWorkers {
  private final RecordProcessor processor;
  private final Attempts attempts;
  private final Provider<FatalErrors> errors;
  private final ExecutorService threads;
  private final ReadWriteLock turns = new ReentrantReadWriteLock(/* fair= */ true);
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * @param errors a provider, because the handler of fatal errors depends on this class
   */
  @Inject
  RequestWorkers(
      RecordProcessor processor,
      Attempts attempts,
      Provider<FatalErrors> errors,
      KafkaSettings settings) {
    this.processor = processor;
    this.attempts = attempts;
    this.errors = errors;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            settings.inFlight(), task -> new Thread(task, "request-" + number.incrementAndGet()));
  }

  /**
   * Settles a record.
   *
   * @return a future that gives whether the event is published, so that the record may be
   *     acknowledged
   */
  CompletableFuture<Boolean> settle(ReceivedRecord record, Claim claim) {
    try {
      return CompletableFuture.supplyAsync(() -> beginAndSettle(record, claim), threads);
    } catch (RejectedExecutionException stopping) {
      return CompletableFuture.completedFuture(false);
    }
  }

  /** Ends the process because of an error. */
  void fatal(Error error) {
    errors.get().fatal(error);
  }

  /** Returns the number of records that are being settled. */
  int inFlight() {
    return inFlight.get();
  }

  /** Stops accepting records. */
  void stop() {
    threads.shutdown();
  }

  /** Waits for the records in flight. Returns whether all of them ended within the grace period. */
  boolean await(Duration grace) {
    try {
      return threads.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Interrupts all threads. */
  void interrupt() {
    threads.shutdownNow();
  }

  private boolean beginAndSettle(ReceivedRecord record, Claim claim) {
    try {
      if (!processor.awaitOpenGate()) {
        return false;
      }
      if (attempts.settledHere(record.record())) {
        return acknowledge(record, claim);
      }
      int known = earlierAttempts(record);
      if (attempts.awaitSettled(record.record(), claim)) {
        return acknowledge(record, claim);
      }
      if (known == 0) {
        attempts.awaitRecordsOfDeadWorkers(claim);
        return settleInTurn(record, claim, 0);
      }
      // If another worker still rendered the record, its claim changed during the wait.
      return settleInTurn(record, claim, earlierAttempts(record));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean acknowledge(ReceivedRecord record, Claim claim) {
    boolean mine = claim.begin();
    if (mine) {
      attempts.deleteMark(record.record());
    }
    return mine;
  }

  private int earlierAttempts(ReceivedRecord record) throws InterruptedException {
    return Math.max(attempts.earlierAttempts(record.record()), record.history().deaths());
  }

  private boolean settleInTurn(ReceivedRecord record, Claim claim, int before)
      throws InterruptedException {
    Lock lock = before > 0 ? turns.writeLock() : turns.readLock();
    lock.lockInterruptibly();
    try {
      return claim.begin() && settleCounted(record.withAttempts(before + 1), claim);
    } finally {
      lock.unlock();
    }
  }

  private boolean settleCounted(ReceivedRecord record, Claim claim) throws InterruptedException {
    inFlight.incrementAndGet();
    try {
      boolean settled = processor.settle(record, claim);
      if (!settled && threads.isShutdown()) {
        // Another worker may have the record now.
        claim.lose();
      }
      return settled;
    } catch (Error e) {
      fatal(e);
      return false;
    } finally {
      inFlight.decrementAndGet();
    }
  }
}
