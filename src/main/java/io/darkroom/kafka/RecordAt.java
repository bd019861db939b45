package io.darkroom.kafka;

import io.darkroom.render.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One record, read from its place in a topic.
 *
 * @param source {@code topic/partition/offset}
 * @param time its timestamp
 * @param key its key as text; empty if there is none
 * @param headers its headers as text, in order
 * @param body its value; empty if there is none
 */
public record RecordAt(String source, Instant time, String key, List<Named> headers, Bytes body) {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  public RecordAt {
    headers = List.copyOf(headers);
  }

  /** A header. */
  public record Named(String name, String value) {}

  /**
   * Reads a record without a consumer group.
   *
   * @param broker settings of all clients of the broker
   * @param source {@code topic/partition/offset}
   * @return empty if there is no such record, e.g. because the broker has deleted it
   * @throws IllegalArgumentException if the source does not have this form
   */
  public static Optional<RecordAt> read(Map<String, Object> broker, String source) {
    String[] parts = source.split("/", -1);
    if (parts.length != 3 || !parts[1].matches("\\d{1,9}") || !parts[2].matches("\\d{1,18}")) {
      throw new IllegalArgumentException("must be topic/partition/offset, is " + source);
    }
    TopicPartition partition = new TopicPartition(parts[0], Integer.parseInt(parts[1]));
    long offset = Long.parseLong(parts[2]);
    try (KafkaConsumer<byte[], byte[]> consumer =
        WholeTopic.consumer(broker, "darkroom-console", "read_committed")) {
      return read(consumer, partition, offset);
    }
  }

  private static Optional<RecordAt> read(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
    List<TopicPartition> only = List.of(partition);
    consumer.assign(only);
    long end = consumer.endOffsets(only, TIMEOUT).getOrDefault(partition, 0L);
    long begin = consumer.beginningOffsets(only, TIMEOUT).getOrDefault(partition, 0L);
    if (offset < begin || offset >= end) {
      return Optional.empty();
    }
    consumer.seek(partition, offset);
    return consumer.poll(TIMEOUT).records(partition).stream()
        .filter(record -> record.offset() == offset)
        .findFirst()
        .map(RecordAt::of);
  }

  private static RecordAt of(ConsumerRecord<byte[], byte[]> record) {
    ReceivedRecord received = new ReceivedRecord(record, Instant.ofEpochMilli(record.timestamp()));
    List<Named> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new Named(header.key(), text(header.value())));
    }
    return new RecordAt(
        received.source(),
        received.received(),
        text(record.key()),
        headers,
        new Bytes(received.body()));
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
