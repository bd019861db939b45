/**
 * Kafka: consumes requests and control messages, publishes events and dead letters, acknowledges
 * records.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.kafka;
