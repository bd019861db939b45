package io.darkroom.kafka;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Consumes requests, a limited number at a time, and acknowledges each when its terminal event is
 * published. It consumes nothing before {@link #start}, and no further records after {@link #stop}.
 */
@Singleton
public final class RequestConsumer {
  private final RequestSource source;
  private final RequestWorkers workers;
  private final RecordProcessor processor;
  private final Attempts attempts;
  private final RetryTopic retries;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean draining;

  /** Creates a consumer; it consumes after {@link #start}. */
  @Inject
  RequestConsumer(
      Provider<ConsumerGroup> consumerGroup,
      Provider<ShareGroup> shareGroup,
      RequestWorkers workers,
      RecordProcessor processor,
      Attempts attempts,
      RetryTopic retries,
      KafkaSettings settings) {
    this.source =
        switch (settings.consumption()) {
          case CONSUMER_GROUP -> consumerGroup.get();
          case SHARE_GROUP -> shareGroup.get();
        };
    this.workers = workers;
    this.processor = processor;
    this.attempts = attempts;
    this.retries = retries;
  }

  /** Joins the group. Call it once, when requests can be rendered. */
  public void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("the consumer is started already");
    }
    attempts.start();
    retries.start();
    source.start(workers);
  }

  /**
   * Stops taking records and beginning requests. Records that have not begun are returned at once
   * to other workers. Running renders continue.
   *
   * @param most maximum time that another worker waits for the end of a running render
   */
  public void stop(Duration most) {
    draining = true;
    source.stop(most);
    processor.stopRetries();
    workers.stop();
  }

  /**
   * Waits for the requests in flight. Returns whether all of them ended within the grace period.
   */
  public boolean await(Duration grace) {
    return workers.await(grace);
  }

  /**
   * Loses all requests in flight. They stay unacknowledged; another worker receives them when this
   * one leaves the group.
   *
   * @return number of requests in flight
   */
  public int loseAll() {
    int left = workers.inFlight();
    processor.abandon();
    source.loseAll();
    workers.interrupt();
    return left;
  }

  /**
   * Keeps the claims on all records in flight, because the worker ends after a fatal error that one
   * of them may have caused.
   */
  public void keepClaims() {
    attempts.keepClaims();
  }

  /** Returns the number of records that are being settled. */
  public int inFlight() {
    return workers.inFlight();
  }

  boolean draining() {
    return draining;
  }

  @PreDestroy
  void leave() {
    if (!draining) {
      stop(Duration.ZERO);
    }
    loseAll();
  }
}
