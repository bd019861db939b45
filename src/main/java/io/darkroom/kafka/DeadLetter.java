package io.darkroom.kafka;

import io.darkroom.json.Decoded;
import io.darkroom.json.MessageHeaders;
import io.darkroom.json.RequestCodec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record of the topic of dead letters.
 *
 * @param record the record of the Kafka client
 * @param redriven whether it was published to the topic of requests again
 */
public record DeadLetter(ConsumerRecord<byte[], byte[]> record, boolean redriven) {
  /** Header of a redriven request: {@code topic/partition/offset} of its dead letter. */
  static final String ORIGIN = "redriven-from";

  /**
   * Header of a record that marks a dead letter as redriven: {@code partition/offset} of the dead
   * letter.
   */
  static final String MARK = DeadLetters.PREFIX + "redriven";

  private static final byte[] NOTHING = new byte[0];

  /** Returns {@code partition/offset} of a record. */
  static String place(ConsumerRecord<?, ?> record) {
    return record.partition() + "/" + record.offset();
  }

  /**
   * Returns the place of the dead letter that a record marks as redriven; empty if the record is
   * itself a dead letter.
   */
  static Optional<String> marked(ConsumerRecord<?, ?> record) {
    return text(record, MARK);
  }

  /**
   * Returns {@code topic/partition/offset} of the original record; empty if the record is not a
   * dead letter, for example one that marks a dead letter as redriven.
   */
  static String origin(ConsumerRecord<?, ?> record) {
    return Stream.of("topic", "partition", "offset")
        .flatMap(name -> text(record, DeadLetters.PREFIX + name).stream())
        .collect(Collectors.joining("/"));
  }

  /** Returns {@code topic/partition/offset} of the dead letter. */
  public String source() {
    return record.topic() + "/" + place(record);
  }

  /** Returns the error class, as in events. */
  public String errorClass() {
    return header("class");
  }

  /** Returns the error message. */
  public String message() {
    return header("message");
  }

  /** Returns class and message; empty if the record is not a dead letter. */
  Optional<String> failure() {
    return text(record, DeadLetters.PREFIX + "class").map(name -> name + ": " + message());
  }

  /** Returns the time at which it became a dead letter. */
  public Instant published() {
    return Instant.ofEpochMilli(record.timestamp());
  }

  /** Returns the id of the request, or the key of its record if the bytes contain no id. */
  public String id(RequestCodec codec) {
    MessageHeaders headers =
        new MessageHeaders(
            text(record, "content-type").orElse(""),
            text(record, "ce_specversion").orElse(""),
            text(record, "ce_type").orElse(""));
    Decoded decoded = codec.read(body(), headers);
    if (decoded instanceof Decoded.Valid valid) {
      return valid.request().id().value();
    }
    Optional<String> id =
        decoded instanceof Decoded.Invalid invalid
            ? invalid.id().map(each -> each.value())
            : Optional.empty();
    return id.orElseGet(() -> ReceivedRecord.text(record.key()));
  }

  /** Returns the topic of the original record, which may also be the control topic. */
  public String topic() {
    return header("topic");
  }

  /** Returns whether it contains the original bytes; without them it cannot be redriven. */
  public boolean complete() {
    return text(record, DeadLetters.PREFIX + "omitted-bytes").isEmpty();
  }

  /**
   * Returns the original record with the header {@link #ORIGIN} and without the headers of a dead
   * letter.
   */
  ProducerRecord<byte[], byte[]> request() {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : record.headers()) {
      String name = header.key();
      boolean history = name.startsWith(RetryHistory.PREFIX) || name.equals(ORIGIN);
      if (!history && !name.startsWith(DeadLetters.PREFIX)) {
        headers.add(header);
      }
    }
    headers.add(ORIGIN, Outgoing.utf8(source()));
    return new ProducerRecord<>(topic(), null, originalKey(), body(), headers);
  }

  /** Returns a record for the same partition that marks this dead letter as redriven. */
  ProducerRecord<byte[], byte[]> mark() {
    RecordHeaders headers = new RecordHeaders();
    headers.add(MARK, Outgoing.utf8(place(record)));
    return new ProducerRecord<>(record.topic(), record.partition(), record.key(), NOTHING, headers);
  }

  /**
   * Returns the original key; null if the record had none, in which case a compacted topic of dead
   * letters contains the source as key.
   */
  private byte @Nullable [] originalKey() {
    return Arrays.equals(record.key(), Outgoing.utf8(origin(record))) ? null : record.key();
  }

  private byte[] body() {
    byte @Nullable [] value = record.value();
    return value == null ? NOTHING : value;
  }

  private String header(String name) {
    return text(record, DeadLetters.PREFIX + name).orElse("");
  }

  private static Optional<String> text(ConsumerRecord<?, ?> record, String header) {
    return RetryHistory.text(record.headers(), header);
  }
}
