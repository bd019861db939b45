package io.darkroom.kafka;

/**
 * The topics of a worker.
 *
 * @param requests read from
 * @param control where publishers cancel requests
 * @param events terminal events
 * @param progress lossy
 * @param deadLetters original bytes of what was not accepted
 * @param attempts what is being rendered, and for which time; compacted
 */
public record TopicNames(
    String requests,
    String control,
    String events,
    String progress,
    String deadLetters,
    String attempts) {}
