package io.darkroom.demo;

import java.util.List;

/** A connection to a worker: publishes requests and receives notices. */
interface WorkerConnection {

  /**
   * Publishes a request and returns its {@code topic/partition/offset}.
   *
   * @param key of the record
   */
  String publish(String key, byte[] body);

  /** Returns the notices since the last call; waits for a short time. */
  List<Notice> poll();
}
