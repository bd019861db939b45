package io.darkroom.kafka;

import java.time.Duration;

/** A subscription to the request topic: delivers records and acknowledges them. */
interface RequestSource {

  /**
   * Begins to take records. Call it once.
   *
   * @param workers the threads that settle the records
   */
  void start(RequestWorkers workers);

  /**
   * Takes no further records, and returns those that have not begun, so that other workers receive
   * them at once. Running renders continue.
   *
   * @param most maximum time that another worker waits for the end of a running render
   */
  void stop(Duration most);

  /** Loses all records that have not ended, so that other workers receive them. */
  void loseAll();
}
