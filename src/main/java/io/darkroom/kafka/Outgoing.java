package io.darkroom.kafka;

import io.darkroom.json.CloudEvent;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jspecify.annotations.Nullable;

/** Creates and sends messages of outgoing channels. */
final class Outgoing {
  /** Header of events: the name of the worker that published it, as in {@code dl-worker}. */
  static final String WORKER = "worker";

  /** Longer than the retries of the producer take. */
  private static final Duration TIMEOUT = Duration.ofSeconds(150);

  private Outgoing() {}

  /** Creates a message for an outgoing channel. */
  static Message<byte[]> message(byte @Nullable [] key, Headers headers, byte[] body) {
    var metadata =
        OutgoingKafkaRecordMetadata.<byte[]>builder().withHeaders(new RecordHeaders(headers));
    return Message.of(
        body, Metadata.of(key == null ? metadata.build() : metadata.withKey(key).build()));
  }

  /** Creates a message with a CloudEvent in binary mode. Its key is the subject of the event. */
  static Message<byte[]> message(CloudEvent event, Headers more) {
    RecordHeaders headers = new RecordHeaders(more);
    event.attributes().kafkaHeaders().forEach((name, value) -> headers.add(name, utf8(value)));
    return message(utf8(event.attributes().subject()), headers, event.data());
  }

  /** Returns the headers of an event: those of its trace, and the name of the worker. */
  static Headers headers(Map<String, String> traceContext, String worker) {
    RecordHeaders headers = new RecordHeaders();
    traceContext.forEach((name, value) -> headers.add(name, utf8(value)));
    headers.add(WORKER, utf8(worker));
    return headers;
  }

  /**
   * Sends a message and waits until the broker has stored it. If it is not stored, throws the
   * reason.
   */
  static void await(
      MutinyEmitter<byte[]> channel, Message<byte[]> message, Publishing.Topic topic) {
    try {
      channel.sendMessage(message).await().atMost(TIMEOUT);
      topic.worked();
    } catch (RecordTooLargeException ofThisRecord) {
      throw ofThisRecord;
    } catch (RuntimeException failure) {
      RuntimeException reason = reason(failure);
      topic.failed(reason);
      throw reason;
    }
  }

  /**
   * Returns the root cause. The connector retries and then reports only that its retries are
   * exhausted.
   */
  static RuntimeException reason(RuntimeException failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      for (Throwable met : each.getSuppressed()) {
        if (met instanceof KafkaException broker) {
          return broker;
        }
      }
      if (each instanceof KafkaException broker) {
        return broker;
      }
    }
    return failure;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
