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
 * Takes requests, so many at a time, and acknowledges each when its event is with the broker. Takes
 * nothing before {@link #start}, and nothing more after {@link #stop}.
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
   * A consumer that takes nothing yet.
   *
   * @param errors asked for when there is one, since whoever ends the process also ends this
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

  /** Joins the consumer group; once. To be called when requests can be rendered. */
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

  /** Takes nothing more, and begins nothing more. */
  public void stop() {
    draining = true;
    processor.hurry();
    workers.shutdown();
  }

  /** Waits for what is in flight; whether it has ended by then. */
  public boolean await(Duration grace) {
    try {
      return workers.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Gives up what is in flight: it stays unacknowledged and is another worker's as soon as this one
   * leaves the group.
   *
   * @return records in flight
   */
  public int giveUp() {
    int left = inFlight.get();
    processor.abandon();
    claims.hurry();
    claims.loseAll();
    workers.shutdownNow();
    return left;
  }

  /** The worker ends by a fault, which one of the requests in flight may have caused. */
  public void blame() {
    attempts.keepAll();
  }

  /** Records being settled now. */
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
      // Never done: it holds its place, so that no further one comes, and its offset.
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

  /** A record whose worker ended before is settled alone: it may be what the worker ended of. */
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

  /** A lost record makes room for another; any other keeps its place until the worker ends. */
  private static Uni<Void> leave(Claim claim) {
    return claim.lost() ? Uni.createFrom().voidItem() : Uni.createFrom().nothing();
  }

  private static Uni<Void> lost(ReceivedRecord record, Throwable failure) {
    LOG.warnf("record left unacknowledged source=%s reason=%s", record.source(), failure);
    return Uni.createFrom().nothing();
  }
}
