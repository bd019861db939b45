package io.darkroom.render;

/** Takes requests as they come from the log. */
public interface Intake {

  /**
   * Brings one record to its one terminal event. Blocks until that is decided and everything it
   * announces is stored; called by as many threads as there may be requests in flight.
   *
   * <p>Whatever it throws leaves the record unsettled: it is settled again after a pause for as
   * long as this worker holds it, and by another worker then.
   *
   * @throws ObjectStore.StoreFailure where the store does not answer; what it refuses for good ends
   *     the request instead
   */
  Settlement settle(Delivery delivery);
}
