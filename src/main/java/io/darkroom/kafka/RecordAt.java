package io.darkroom.kafka;

import io.darkroom.render.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;

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

  /** A time limit. */
  record Limit(Duration most, LongSupplier nanoClock) {}

  /** A header. */
  public record Named(String name, String value) {}

  /**
   * Reads a record without a consumer group.
   *
   * @param broker settings of all clients of the broker
   * @param source {@code topic/partition/offset}
   * @param nanoClock clock of the time limit
   * @return empty if there is no such record, e.g. because the broker has deleted it
   * @throws IllegalArgumentException if the source does not have this form
   * @throws TimeoutException if the broker does not send the record in 5 s
   */
  public static Optional<RecordAt> read(
      Map<String, Object> broker, String source, LongSupplier nanoClock) {
    String[] parts = source.split("/", -1);
    if (parts.length != 3 || !parts[1].matches("\\d{1,9}") || !parts[2].matches("\\d{1,18}")) {
      throw new IllegalArgumentException("must be topic/partition/offset, is " + source);
    }
    TopicPartition partition = new TopicPartition(parts[0], Integer.parseInt(parts[1]));
    long offset = Long.parseLong(parts[2]);
    try (Consumer<byte[], byte[]> consumer =
        WholeTopic.consumer(broker, "darkroom-console-letter", "read_committed")) {
      return read(consumer, partition, offset, new Limit(TIMEOUT, nanoClock));
    }
  }

  /** Reads a record with a consumer that has no group, within a time. */
  static Optional<RecordAt> read(
      Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset, Limit limit) {
    List<TopicPartition> only = List.of(partition);
    consumer.assign(only);
    long end = consumer.endOffsets(only, TIMEOUT).getOrDefault(partition, 0L);
    long begin = consumer.beginningOffsets(only, TIMEOUT).getOrDefault(partition, 0L);
    if (offset < begin || offset >= end) {
      return Optional.empty();
    }
    consumer.seek(partition, offset);
    return poll(consumer, partition, offset, limit);
  }

  /** Polls until the consumer is behind the record, which may belong to an aborted transaction. */
  private static Optional<RecordAt> poll(
      Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset, Limit limit) {
    long deadline = limit.nanoClock().getAsLong() + limit.most().toNanos();
    Optional<RecordAt> found = Optional.empty();
    while (found.isEmpty() && consumer.position(partition, TIMEOUT) <= offset) {
      Duration left = Duration.ofNanos(deadline - limit.nanoClock().getAsLong());
      if (left.isNegative()) {
        throw new TimeoutException(
            "the broker did not send the record %s/%d/%d in %d ms"
                .formatted(
                    partition.topic(), partition.partition(), offset, limit.most().toMillis()));
      }
      found =
          consumer.poll(left).records(partition).stream()
              .filter(record -> record.offset() == offset)
              .findFirst()
              .map(RecordAt::of);
    }
    return found;
  }

  private static RecordAt of(ConsumerRecord<byte[], byte[]> record) {
    ReceivedRecord received = new ReceivedRecord(record, Instant.ofEpochMilli(record.timestamp()));
    List<Named> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new Named(header.key(), ReceivedRecord.text(header.value())));
    }
    return new RecordAt(
        received.source(),
        received.received(),
        ReceivedRecord.text(record.key()),
        headers,
        new Bytes(received.body()));
  }
}
