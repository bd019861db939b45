package io.darkroom.kafka;

import io.darkroom.json.MessageHeaders;
import io.darkroom.render.Bytes;
import io.darkroom.render.Delivery;
import io.darkroom.render.Lease;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/**
 * A record of the requests' topic in this worker's hands.
 *
 * @param record as the broker gave it
 * @param received when
 * @param attempts deliveries of the record to a worker, this one included, 1 or more
 */
record ReceivedRecord(ConsumerRecord<byte[], byte[]> record, Instant received, int attempts) {
  /** A record that says that it is older has another idea of time. */
  private static final Duration OLDEST = Duration.ofDays(365);

  private static final byte[] NOTHING = new byte[0];

  /** A record with the broker's count of deliveries; 1 where it counts none (consumer groups). */
  ReceivedRecord(ConsumerRecord<byte[], byte[]> record, Instant received) {
    this(record, received, record.deliveryCount().map(Short::intValue).orElse(1));
  }

  /** The same record with another count, for transports that count deliveries themselves. */
  ReceivedRecord withAttempts(int count) {
    return new ReceivedRecord(record, received, count);
  }

  /** The record under a message of the channel. */
  @SuppressWarnings("unchecked")
  static ReceivedRecord of(Message<byte[]> message, Instant received) {
    IncomingKafkaRecordMetadata<byte[], byte[]> metadata =
        message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
    return new ReceivedRecord(metadata.getRecord(), received);
  }

  /**
   * The record for the render path.
   *
   * @param lease of this worker on it
   */
  Delivery delivery(Lease lease) {
    return new Delivery(
        source(),
        new MessageHeaders(header("content-type"), header("ce_specversion"), header("ce_type")),
        new Bytes(body()),
        published(),
        received,
        attempts,
        traceContext(),
        lease);
  }

  /**
   * When it was published: as the record says, where that is of the last year; else, when it came.
   */
  Instant published() {
    Instant said = Instant.ofEpochMilli(record.timestamp());
    return said.isAfter(received) || said.isBefore(received.minus(OLDEST)) ? received : said;
  }

  /** The headers of W3C trace context, where they are valid. */
  Map<String, String> traceContext() {
    return TraceContext.of(header("traceparent"), header("tracestate"));
  }

  /** {@code topic/partition/offset}. */
  String source() {
    return record.topic() + "/" + record.partition() + "/" + record.offset();
  }

  /** The value, empty for a tombstone. */
  byte[] body() {
    byte @Nullable [] value = record.value();
    return value == null ? NOTHING : value;
  }

  Headers headers() {
    return record.headers();
  }

  private String header(String name) {
    Header header = record.headers().lastHeader(name);
    boolean empty = header == null || header.value() == null;
    return empty ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
