package io.darkroom.render;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Repeats a call until it succeeds, with the delays of a {@link RetryPolicy}. Blocks the calling
 * thread; safe for use by many threads.
 */
public final class Retry {
  private final RetryPolicy policy;
  private final Predicate<RuntimeException> retryable;
  private final Pause pause;

  /**
   * Creates a retry whose pause can end the tries.
   *
   * @param retryable returns whether a failure is tried again; other failures are thrown at once
   */
  public Retry(RetryPolicy policy, Predicate<RuntimeException> retryable, Pause pause) {
    this.policy = policy;
    this.retryable = retryable;
    this.pause = pause;
  }

  /** Creates a retry that only an interrupt of the thread stops. */
  public Retry(RetryPolicy policy, Predicate<RuntimeException> retryable) {
    this(policy, retryable, Retry::sleep);
  }

  /** A call that may be repeated. */
  @FunctionalInterface
  public interface Call<T, E extends Exception> {
    T call() throws E;
  }

  /** Waits between two tries. */
  @FunctionalInterface
  public interface Pause {

    /** Waits for the delay. Returns false if there must be no further try. */
    boolean sleep(Duration delay);
  }

  /** Receives each failure that is followed by another try, before the delay. */
  @FunctionalInterface
  public interface Listener {
    void failed(RuntimeException failure, int tries, Duration delay);
  }

  /** A result and the number of tries that it took. */
  public record Tried<T>(T value, int tries) {}

  /** Returns the result of the first successful try. */
  public <T, E extends Exception> T call(Call<T, E> call) throws E {
    return call(call, (failure, tries, delay) -> {}).value();
  }

  /**
   * Returns the result of the first successful try.
   *
   * @throws RuntimeException the last failure, if it is not retryable, the delays have reached
   *     their total, or the pause ended the tries
   */
  public <T, E extends Exception> Tried<T> call(Call<T, E> call, Listener listener) throws E {
    Duration waited = Duration.ZERO;
    for (int tries = 1; ; tries++) {
      try {
        return new Tried<>(call.call(), tries);
      } catch (RuntimeException failure) {
        Duration delay = policy.delay(tries, ThreadLocalRandom.current());
        if (!retryable.test(failure) || waited.compareTo(policy.total()) >= 0) {
          throw failure;
        }
        listener.failed(failure, tries, delay);
        if (!pause.sleep(delay)) {
          throw failure;
        }
        waited = waited.plus(policy.bound(tries));
      }
    }
  }

  private static boolean sleep(Duration delay) {
    try {
      Thread.sleep(delay.toMillis());
      return true;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
