package io.darkroom.kafka;

import io.darkroom.render.RetryPolicy;
import java.time.Duration;

/**
 * Settings of the consumer and of the retries.
 *
 * @param inFlight records that are settled at the same time, 1 to 1024; each occupies a thread
 * @param retries policy for records that could not be settled, and for the control reader
 * @param handover how long running renders may continue after their partition has moved
 * @param worker name of this worker, e.g. in dead letters
 * @param topics names of the topics
 * @param attempts number of attempts that end a worker before the request is given up; at least 1
 * @param consumption how workers divide the requests among them
 * @param group name of the consumer group or share group
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
