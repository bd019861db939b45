package io.darkroom.kafka;

import java.time.Duration;

/** A subscription to the request topic: delivers records and acknowledges them. */
interface RequestSource {

  /**
   * Starts to receive records. Call it once.
   *
   * @param workers the threads that settle the records
   */
  void start(RequestWorkers workers);

  /**
   * Stops receiving records, and returns the records that have not begun, so that other workers
   * receive them at once. Running renders continue.
   *
   * @param most maximum time that another worker waits for the end of a running render
   */
  void stop(Duration most);

  /** Loses all records that have not ended, so that other workers receive them. */
  void loseAll();
}
