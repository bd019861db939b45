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
 * A record that this worker received.
 *
 * @param record the record of the Kafka client
 * @param received time of receipt
 * @param attempts number of deliveries of the record to a worker, up to this one; at least 1.
 *     Before {@link #withAttempts} it is the broker's count, or 1 if the broker does not count
 * @param last whether this is the last delivery: the broker does not deliver the record again, even
 *     if it is returned
 */
record ReceivedRecord(
    ConsumerRecord<byte[], byte[]> record, Instant received, int attempts, boolean last) {
  /** Older timestamps are considered wrong. */
  private static final Duration OLDEST = Duration.ofDays(365);

  private static final byte[] NOTHING = new byte[0];

  /**
   * Creates a record with the broker's count of deliveries, or 1 if the broker does not count them
   * (consumer groups).
   */
  ReceivedRecord(ConsumerRecord<byte[], byte[]> record, Instant received) {
    this(record, received, record.deliveryCount().map(Short::intValue).orElse(1), false);
  }

  /**
   * Creates a record of a share group.
   *
   * @param mostDeliveries number of deliveries after which the broker drops a record
   */
  static ReceivedRecord shared(
      ConsumerRecord<byte[], byte[]> record, Instant received, int mostDeliveries) {
    ReceivedRecord first = new ReceivedRecord(record, received);
    return new ReceivedRecord(record, received, first.attempts, first.attempts >= mostDeliveries);
  }

  /** Returns a copy with another count of deliveries. */
  ReceivedRecord withAttempts(int count) {
    return new ReceivedRecord(record, received, count, last);
  }

  /** Returns the record of a channel message. */
  @SuppressWarnings("unchecked")
  static ReceivedRecord of(Message<byte[]> message, Instant received) {
    IncomingKafkaRecordMetadata<byte[], byte[]> metadata =
        message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
    return new ReceivedRecord(metadata.getRecord(), received);
  }

  /** Returns the history of the request before it was postponed. */
  RetryHistory history() {
    return RetryHistory.of(record.headers());
  }

  /**
   * Returns the number of deliveries to a worker, including those before the request was postponed.
   */
  int deliveries() {
    return attempts + history().rounds();
  }

  /**
   * Returns the record as a delivery for the package {@code render}.
   *
   * @param lease lease of this worker on the record
   */
  Delivery delivery(Lease lease) {
    return new Delivery(
        source(),
        messageHeaders(),
        new Bytes(body()),
        published(),
        received,
        deliveries(),
        traceContext(),
        RetryHistory.text(record.headers(), "tenant"),
        lease);
  }

  /** Returns the headers that describe the content. */
  MessageHeaders messageHeaders() {
    return new MessageHeaders(header("content-type"), header("ce_specversion"), header("ce_type"));
  }

  /**
   * Returns the time of publication: the timestamp of the record, or the time of receipt if the
   * timestamp is in the future or more than a year old.
   */
  Instant published() {
    Instant said = Instant.ofEpochMilli(record.timestamp());
    return said.isAfter(received) || said.isBefore(received.minus(OLDEST)) ? received : said;
  }

  /** Returns the valid headers of W3C Trace Context, by name. */
  Map<String, String> traceContext() {
    return TraceContext.of(header("traceparent"), header("tracestate"));
  }

  /** Returns {@code topic/partition/offset}. */
  String source() {
    return record.topic() + "/" + record.partition() + "/" + record.offset();
  }

  /** Returns the value; empty for a tombstone. */
  byte[] body() {
    byte @Nullable [] value = record.value();
    return value == null ? NOTHING : value;
  }

  Headers headers() {
    return record.headers();
  }

  private String header(String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : text(header.value());
  }

  /** Returns bytes of a record as text; empty if there are none. */
  static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
