package io.darkroom.kafka;

import io.darkroom.render.RetryPolicy;
import java.time.Duration;

/**
 * How records are taken and given back.
 *
 * @param inFlight records that are settled at the same time, 1 to 1024; each holds a thread
 * @param retries of records that could not be settled, and of the control reader
 * @param handover how long renders under way may hold up a partition that moves to another worker
 * @param worker this worker's name, in dead letters
 * @param topics their names
 * @param attempts of a request whose workers die, before it is given up; 1 or more
 */
public record KafkaSettings(
    int inFlight,
    RetryPolicy retries,
    Duration handover,
    String worker,
    TopicNames topics,
    int attempts) {

  public KafkaSettings {
    if (inFlight < 1 || inFlight > 1024) {
      throw new IllegalArgumentException("kafka.in-flight: must be 1 to 1024, is " + inFlight);
    }
    if (attempts < 1) {
      throw new IllegalArgumentException("requests.attempts: must be 1 or more, is " + attempts);
    }
  }
}
