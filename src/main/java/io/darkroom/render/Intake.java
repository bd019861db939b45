package io.darkroom.render;

import io.darkroom.job.Problem;

/** Settles requests. */
public interface Intake {

  /**
   * Settles one record. Blocks until its outcome is decided and all outputs are stored. Called by
   * as many threads as there are requests in flight.
   *
   * <p>After an exception the record is not settled. This worker tries again after a delay while it
   * holds the record; otherwise another worker does.
   *
   * @throws ObjectStore.StoreFailure if the store fails; a permanent refusal by another bucket than
   *     that of the default prefix ends the request instead
   * @throws TryLater if the request makes room for others
   */
  Settlement settle(Delivery delivery);

  /**
   * Gives up a request that cannot be settled. It ends as failed with a dead letter, unless it is
   * already committed.
   *
   * @param problem the reason
   */
  Settlement giveUp(Delivery delivery, Problem problem);
}
