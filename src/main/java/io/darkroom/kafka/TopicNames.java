package io.darkroom.kafka;

/**
 * Names of the topics of a worker.
 *
 * @param requests requests; read by a consumer group
 * @param control cancellations; every worker reads the whole topic
 * @param events terminal events
 * @param progress progress events; they may be lost
 * @param deadLetters original bytes of rejected and given-up messages
 * @param attempts claims on requests that are being rendered; compacted
 * @param retries requests that are tried again later
 */
public record TopicNames(
    String requests,
    String control,
    String events,
    String progress,
    String deadLetters,
    String attempts,
    String retries) {}
