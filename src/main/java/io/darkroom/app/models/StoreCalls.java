package io.darkroom.app.models;

import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.Outage;
import io.darkroom.render.Retry;
import io.darkroom.render.RetryPolicy;

/**
 * Repeats calls of the store while it is not reachable. A call that the store refuses is not
 * repeated.
 */
final class StoreCalls {
  private final Retry retry;
  private final Outage outage;

  StoreCalls(RetryPolicy policy, Retry.Pause pause, Outage outage) {
    this.retry = new Retry(policy, StoreCalls::passing, pause);
    this.outage = outage;
  }

  private static boolean passing(RuntimeException failure) {
    return failure instanceof StoreFailure store && !store.refused();
  }

  /**
   * Returns the result of the first successful try.
   *
   * @throws StoreFailure the last failure
   */
  <T, E extends Exception> T call(Retry.Call<T, E> call) throws E {
    T result =
        retry
            .call(
                call,
                (failure, tries, delay) -> outage.failed(String.valueOf(failure.getMessage())))
            .value();
    outage.worked();
    return result;
  }
}
