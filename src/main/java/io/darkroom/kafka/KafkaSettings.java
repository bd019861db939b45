package io.darkroom.kafka;

import java.time.Duration;

/**
 * How records are taken and given back.
 *
 * @param inFlight records that are settled at the same time, 1 to 1024; each holds a thread
 * @param firstPause before a record that could not be settled is tried again; doubles from then on
 * @param longestPause that the pauses grow to
 * @param worker this worker's name, in dead letters
 * @param controlTopic where publishers withdraw requests
 */
public record KafkaSettings(
    int inFlight, Duration firstPause, Duration longestPause, String worker, String controlTopic) {

  public KafkaSettings {
    if (inFlight < 1 || inFlight > 1024) {
      throw new IllegalArgumentException("kafka.in-flight: must be 1 to 1024, is " + inFlight);
    }
    if (firstPause.isNegative() || firstPause.compareTo(longestPause) > 0) {
      throw new IllegalArgumentException(
          "kafka pauses: must be 0 or more and rise, are " + firstPause + " to " + longestPause);
    }
  }

  /** The pause after so many tries, 1 or more. */
  Duration pause(int tries) {
    Duration pause = firstPause;
    for (int i = 1; i < tries && pause.compareTo(longestPause) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
