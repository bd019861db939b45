package io.darkroom.kafka;

import io.darkroom.render.Retry;
import io.darkroom.render.RetryPolicy;
import io.darkroom.render.Unsettled;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Retries the steps of a record (render, dead letter, event) until they succeed or the worker
 * stops. Safe for use by many threads.
 */
final class RecordRetry {
  private final Retry retry;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean abandoned;

  RecordRetry(RetryPolicy policy) {
    this.retry = new Retry(policy, RecordRetry::retryable, delay -> !stoppedWithin(delay));
  }

  /**
   * Returns the result of the first successful try; empty if the worker stopped first.
   *
   * @param failed receives each failure that is followed by another try
   */
  <T> Optional<Retry.Tried<T>> call(Supplier<T> attempt, Consumer<RuntimeException> failed) {
    if (abandoned) {
      return Optional.empty();
    }
    try {
      Retry.Tried<T> tried =
          retry.call(attempt::get, (failure, tries, delay) -> failed.accept(failure));
      return abandoned ? Optional.empty() : Optional.of(tried);
    } catch (RuntimeException lostOrLogged) {
      return Optional.empty();
    }
  }

  /** Ends all delays. A try that is running is the last one. */
  void stop() {
    stopped.countDown();
  }

  /** Discards all results from now on, including those of running tries. */
  void abandon() {
    abandoned = true;
    stopped.countDown();
  }

  /**
   * Returns true for every failure except {@link Unsettled}, so that no exception loses the record
   * or ends the channel.
   */
  private static boolean retryable(RuntimeException failure) {
    return !(failure instanceof Unsettled);
  }

  private boolean stoppedWithin(Duration delay) {
    try {
      return stopped.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
