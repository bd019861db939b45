package io.darkroom.render;

import java.time.Duration;

/**
 * Keeps what is finished while the store fails: a call is made again, with growing pauses, for as
 * long as there is patience. Blocks the calling thread.
 */
final class Uploads {
  private final StoreRetries retries;

  Uploads(StoreRetries retries) {
    this.retries = retries;
  }

  /** Something that is asked of the store; harmless when it is asked twice. */
  @FunctionalInterface
  interface Call<T> {
    T call() throws Ended;
  }

  /**
   * What the call gives, as soon as it gives something.
   *
   * @throws ObjectStore.StoreFailure the last one, when patience is over or the thread is
   *     interrupted; at once where the store refuses
   */
  <T> T insist(Call<T> call) throws Ended {
    Duration waited = Duration.ZERO;
    Duration pause = retries.firstPause();
    while (true) {
      try {
        return call.call();
      } catch (ObjectStore.StoreFailure failure) {
        boolean over = waited.compareTo(retries.patience()) >= 0;
        if (over || failure.refused() || !slept(pause)) {
          throw failure;
        }
        waited = waited.plus(pause);
        pause = retries.after(pause);
      }
    }
  }

  private static boolean slept(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
      return true;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
