package io.darkroom.demo;

import java.util.List;

/** The line to a worker: requests go in, notices come out. */
interface Line {

  /**
   * Publishes a request and returns its place, {@code topic/partition/offset}.
   *
   * @param key of the record
   */
  String publish(String key, byte[] body);

  /** What came since the last time; waits a moment for it. */
  List<Notice> poll();
}
