package io.darkroom.kafka;

import java.util.List;

/**
 * Names of the topics of a worker.
 *
 * @param requests requests, one topic or more; read by the group of the workers
 * @param control cancellations; every worker reads the whole topic
 * @param events terminal events
 * @param progress progress events, which may be lost
 * @param deadLetters original bytes of rejected and given-up messages
 * @param attempts claims on requests that are being rendered; compacted
 * @param retries requests that are tried again later
 */
public record TopicNames(
    List<String> requests,
    String control,
    String events,
    String progress,
    String deadLetters,
    String attempts,
    String retries) {

  public TopicNames {
    requests = List.copyOf(requests);
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("kafka.requests-topics: must be one topic or more");
    }
  }
}
