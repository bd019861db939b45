package io.darkroom.kafka;

/** A subscription to the request topic: delivers records and acknowledges them. */
interface RequestSource {

  /**
   * Begins to take records. Call it once.
   *
   * @param workers the threads that settle the records
   */
  void start(RequestWorkers workers);

  /** Takes no further records; those that were taken continue. */
  void stop();

  /** Loses all records that have not ended, so that other workers receive them. */
  void loseAll();
}
