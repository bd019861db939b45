package io.darkroom.kafka;

import io.darkroom.render.Outage;
import io.darkroom.render.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * The loop of a thread that reads topics until it is closed. After a failure it waits as a {@link
 * RetryPolicy} says and reads again with a new consumer; a successful read resets the delays.
 * {@link #run} belongs to the reading thread, {@link #close} may be called by any thread.
 */
final class ReadLoop {
  private static final Logger LOG = Logger.getLogger(ReadLoop.class);

  private final RetryPolicy policy;
  private final Outage outage;
  private final CountDownLatch closed = new CountDownLatch(1);
  private int failures;

  /**
   * @param outage logs the failures
   */
  ReadLoop(RetryPolicy policy, Outage outage) {
    this.policy = policy;
    this.outage = outage;
  }

  /** Opens a consumer, reads until the loop is closed, and closes the consumer. */
  @FunctionalInterface
  interface Reading {
    void read() throws InterruptedException;
  }

  /** Reads until {@link #close}, or until the thread is interrupted. */
  void run(Reading reading) {
    try {
      while (!closed()) {
        attempt(reading);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt(Reading reading) throws InterruptedException {
    try {
      reading.read();
    } catch (RuntimeException e) { // from the broker, or a programming error: read again
      outage.failed(e.getClass().getSimpleName() + ": " + e.getMessage());
      if (!(e instanceof KafkaException)) {
        LOG.error("internal error in a reader of topics", e);
      }
      failures++;
      closedWithin(policy.delay(failures, ThreadLocalRandom.current()));
    }
  }

  /** Reports a successful read. */
  void worked() {
    failures = 0;
    outage.worked();
  }

  boolean closed() {
    return closed.getCount() == 0;
  }

  /** Waits. Returns true as soon as the loop is closed. */
  boolean closedWithin(Duration pause) throws InterruptedException {
    return closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  void close() {
    closed.countDown();
  }
}
