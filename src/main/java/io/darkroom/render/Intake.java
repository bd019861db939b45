package io.darkroom.render;

import io.darkroom.job.Problem;

/** Takes requests as they come from the log. */
public interface Intake {

  /**
   * Brings one record to its one terminal event. Blocks until that is decided and everything it
   * announces is stored; called by as many threads as there may be requests in flight.
   *
   * <p>Whatever it throws leaves the record unsettled: it is settled again after a pause for as
   * long as this worker holds it, and by another worker then.
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
