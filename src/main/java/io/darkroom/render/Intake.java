package io.darkroom.render;

import io.darkroom.job.Problem;

/** Settles requests. */
public interface Intake {

  /**
   * Settles one record. Blocks until its outcome is decided and all outputs are stored; called by
   * as many threads as there are requests in flight.
   *
   * <p>After an exception the record is unsettled: this worker tries again after a pause while it
   * holds the record, then another worker does.
   *
   * @throws ObjectStore.StoreFailure where the store does not do what it is asked; what it refuses
   *     for good outside the default prefix's bucket ends the request instead
   */
  Settlement settle(Delivery delivery);

  /**
   * Ends a request that cannot be settled, unless it is committed already: failed, with a dead
   * letter.
   *
   * @param problem why it is given up
   */
  Settlement giveUp(Delivery delivery, Problem problem);
}
