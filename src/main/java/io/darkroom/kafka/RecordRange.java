package io.darkroom.kafka;

import io.darkroom.json.MessageHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * A range of the records of a topic by their times, from the first to those that stand in the topic
 * when the range is opened. Reads without a group: no worker's offsets change. Used by one thread.
 */
public final class RecordRange implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int MAX_SILENT_POLLS = 30;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private final long count;

  private RecordRange(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.ends = ends;
    this.count =
        ends.entrySet().stream()
            .mapToLong(end -> end.getValue() - consumer.position(end.getKey()))
            .sum();
  }

  /** Receives the records of a range. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes a record.
     *
     * @param source {@code topic/partition/offset}
     * @param body the bytes, untouched; empty where the record has none
     * @param headers that say what the bytes are
     */
    void visit(String source, byte[] body, MessageHeaders headers) throws InterruptedException;
  }

  /**
   * Opens a range.
   *
   * @param broker settings of clients of the broker
   * @param from records of this time and later; empty = from the beginning
   * @param to records before this time; empty = up to the end that the topic has now
   * @throws IllegalArgumentException where the topic does not exist
   */
  public static RecordRange open(
      Map<String, Object> broker, String topic, Optional<Instant> from, Optional<Instant> to) {
    KafkaConsumer<byte[], byte[]> consumer =
        WholeTopic.consumer(broker, "darkroom-replay", "read_committed");
    try {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      from.ifPresent(time -> at(consumer, partitions, time).forEach(consumer::seek));
      Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
      to.ifPresent(time -> ends.putAll(at(consumer, partitions, time)));
      ends.replaceAll((partition, end) -> Math.max(end, consumer.position(partition)));
      return new RecordRange(consumer, ends);
    } catch (RuntimeException failure) {
      consumer.close();
      throw failure;
    }
  }

  /** Records between the offsets of the range; some may be gone or be markers. */
  public long count() {
    return count;
  }

  /** Reads the range to its end. */
  public void forEach(Visitor visitor) throws InterruptedException {
    int silent = 0;
    while (!done()) {
      int seen = 0;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
        seen++;
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.getOrDefault(partition, 0L)) {
          visit(visitor, record);
        }
      }
      silent = seen == 0 ? silent + 1 : 0;
      if (silent > MAX_SILENT_POLLS) {
        throw new IllegalStateException("the broker sends no records of the range");
      }
    }
  }

  private static void visit(Visitor visitor, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    ReceivedRecord received = new ReceivedRecord(record, Instant.ofEpochMilli(record.timestamp()));
    visitor.visit(received.source(), received.body(), received.messageHeaders());
  }

  private boolean done() {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions = new ArrayList<>();
    consumer
        .listTopics()
        .getOrDefault(topic, List.of())
        .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    if (partitions.isEmpty()) {
      throw new IllegalArgumentException("topic " + topic + " does not exist");
    }
    return partitions;
  }

  /** The first offset of each partition at that time; the end where there is none. */
  private static Map<TopicPartition, Long> at(
      KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Instant time) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, time.toEpochMilli()));
    Map<TopicPartition, Long> offsets = new HashMap<>(consumer.endOffsets(partitions));
    for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
        consumer.offsetsForTimes(times).entrySet()) {
      if (found.getValue() != null) {
        offsets.put(found.getKey(), found.getValue().offset());
      }
    }
    return offsets;
  }
}
