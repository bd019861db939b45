package io.darkroom.kafka;

import io.darkroom.render.RetryPolicy;
import java.time.Duration;

/**
 * How records are consumed and returned.
 *
 * @param inFlight records that are settled at the same time, 1 to 1024; each occupies a thread
 * @param retries policy for records that could not be settled, and for the control reader
 * @param handover how long a partition that moves to another worker waits for running renders
 * @param worker name of this worker in dead letters
 * @param topics names of the topics
 * @param attempts how often a request is begun whose workers die, before it is given up; at least 1
 * @param consumption how workers divide the requests among them
 * @param group name of the group of the workers
 */
public record KafkaSettings(
    int inFlight,
    RetryPolicy retries,
    Duration handover,
    String worker,
    TopicNames topics,
    int attempts,
    Consumption consumption,
    String group) {

  public KafkaSettings {
    if (inFlight < 1 || inFlight > 1024) {
      throw new IllegalArgumentException("kafka.in-flight: must be 1 to 1024, is " + inFlight);
    }
    if (attempts < 1) {
      throw new IllegalArgumentException("requests.attempts: must be 1 or more, is " + attempts);
    }
  }
}
