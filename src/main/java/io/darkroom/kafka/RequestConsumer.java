package io.darkroom.kafka;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Consumes requests, a limited number at a time, and acknowledges each when its terminal event is
 * published. It consumes nothing before {@link #start}, and no further records after {@link #stop}.
 */
@Singleton
public final class RequestConsumer {
  private static final Logger LOG = Logger.getLogger(RequestConsumer.class);

  private final Multi<Message<byte[]>> channel;
  private final RecordProcessor processor;
  private final PartitionClaims claims;
  private final Attempts attempts;
  private final ReadWriteLock turns = new ReentrantReadWriteLock(/* fair= */ true);
  private final Provider<FatalErrors> errors;
  private final KafkaSettings settings;
  private final Clock clock;
  private final ExecutorService workers;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean draining;

  /**
   * Creates a consumer; it consumes after {@link #start}.
   *
   * @param errors a provider, because the handler of fatal errors depends on this class
   */
  @Inject
  RequestConsumer(
      @Channel("requests") Multi<Message<byte[]>> channel,
      RecordProcessor processor,
      @Identifier("requests") PartitionClaims claims,
      Attempts attempts,
      Provider<FatalErrors> errors,
      KafkaSettings settings,
      Clock clock) {
    this.channel = channel;
    this.processor = processor;
    this.claims = claims;
    this.attempts = attempts;
    this.errors = errors;
    this.settings = settings;
    this.clock = clock;
    AtomicInteger number = new AtomicInteger();
    this.workers =
        Executors.newFixedThreadPool(
            settings.inFlight(), task -> new Thread(task, "request-" + number.incrementAndGet()));
  }

  /** Joins the consumer group. Call it once, when requests can be rendered. */
  public void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("the consumer is started already");
    }
    attempts.start();
    channel
        .onItem()
        .transformToUni(this::take)
        .merge(settings.inFlight())
        .subscribe()
        .with(
            acknowledged -> {},
            failure ->
                LOG.error("the requests channel ended, no more requests are consumed", failure));
  }

  /** From now on, takes no further records and begins no further requests. */
  public void stop() {
    draining = true;
    processor.hurry();
    workers.shutdown();
  }

  /** Waits for the requests in flight. Returns whether all of them ended in time. */
  public boolean await(Duration grace) {
    try {
      return workers.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Loses all requests in flight. They stay unacknowledged; another worker receives them when this
   * one leaves the group.
   *
   * @return number of requests in flight
   */
  public int giveUp() {
    int left = inFlight.get();
    processor.abandon();
    claims.hurry();
    claims.loseAll();
    workers.shutdownNow();
    return left;
  }

  /**
   * Keeps the claims on all records in flight: the worker ends because of a fault, and one of them
   * may be the cause.
   */
  public void blame() {
    attempts.keepAll();
  }

  /** Number of records that are being settled. */
  public int inFlight() {
    return inFlight.get();
  }

  boolean draining() {
    return draining;
  }

  @PreDestroy
  void leave() {
    stop();
    giveUp();
  }

  private Uni<Void> take(Message<byte[]> message) {
    if (draining) {
      // This never completes, so it occupies one of the places of merge(), and the offset is not
      // committed.
      return Uni.createFrom().nothing();
    }
    ReceivedRecord record = ReceivedRecord.of(message, clock.instant());
    Claim claim = claims.take(record.record());
    return Uni.createFrom()
        .item(() -> beginAndSettle(record, claim))
        .runSubscriptionOn(workers)
        .onItem()
        .transformToUni(done -> done ? acknowledge(message, record, claim) : leave(claim))
        .onFailure()
        .recoverWithUni(failure -> lost(record, failure));
  }

  private boolean beginAndSettle(ReceivedRecord record, Claim claim) {
    try {
      return processor.open() && turn(record, claim, attempts.before(record.record()));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Settles a record. A record with earlier attempts is settled alone, because it may have ended
   * those workers.
   */
  private boolean turn(ReceivedRecord record, Claim claim, int before) throws InterruptedException {
    Lock lock = before > 0 ? turns.writeLock() : turns.readLock();
    lock.lockInterruptibly();
    try {
      return claim.begin() && settle(record.withAttempts(before + 1), claim);
    } finally {
      lock.unlock();
    }
  }

  private boolean settle(ReceivedRecord record, Claim claim) throws InterruptedException {
    inFlight.incrementAndGet();
    try {
      return processor.settle(record, claim);
    } catch (Error e) {
      errors.get().fatal(e);
      return false;
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private Uni<Void> acknowledge(Message<byte[]> message, ReceivedRecord record, Claim claim) {
    claims.settled(record.record(), claim);
    return Uni.createFrom().completionStage(message::ack);
  }

  /**
   * A lost record frees its place for another. Any other record keeps its place until the worker
   * ends.
   */
  private static Uni<Void> leave(Claim claim) {
    return claim.lost() ? Uni.createFrom().voidItem() : Uni.createFrom().nothing();
  }

  private static Uni<Void> lost(ReceivedRecord record, Throwable failure) {
    LOG.warnf("record left unacknowledged source=%s reason=%s", record.source(), failure);
    return Uni.createFrom().nothing();
  }
}
