package io.darkroom.kafka;

import static org.apache.kafka.clients.CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

import io.darkroom.json.MessageHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Selected records of a topic, up to the end of the topic when the range is opened. They are read
 * without a consumer group, so the offsets of the workers do not change. Used by one thread.
 */
public final class RecordRange implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration NOW = Duration.ZERO;
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
     * @param body the original bytes; empty if the record has none
     * @param headers headers that describe the bytes
     * @param failure class and message of a dead letter; empty for other records
     */
    void visit(String source, byte[] body, MessageHeaders headers, Optional<String> failure)
        throws InterruptedException;
  }

  /**
   * Opens a range.
   *
   * @param broker settings of clients of the broker
   * @throws IllegalArgumentException if the topic, a partition or an offset does not exist
   * @throws IllegalStateException if the broker does not answer
   */
  public static RecordRange open(
      Map<String, Object> broker, String topic, RecordSelection selection) {
    KafkaConsumer<byte[], byte[]> consumer =
        WholeTopic.consumer(broker, "darkroom-replay", "read_committed");
    try {
      return new RecordRange(consumer, RecordBounds.seek(consumer, topic, selection));
    } catch (TimeoutException silent) {
      consumer.close(CloseOptions.timeout(NOW));
      throw new IllegalStateException(
          "the broker does not answer at " + broker.get(BOOTSTRAP_SERVERS_CONFIG), silent);
    } catch (RuntimeException failure) {
      consumer.close(CloseOptions.timeout(NOW));
      throw failure;
    }
  }

  /**
   * Returns the number of offsets in the range. There may be fewer records, because of compaction
   * and transaction markers.
   */
  public long count() {
    return count;
  }

  /**
   * Passes each record of the range to a visitor, except records that only mark a dead letter as
   * redriven.
   */
  public void forEach(Visitor visitor) throws InterruptedException {
    int silent = 0;
    while (!done()) {
      int seen = 0;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(TIMEOUT)) {
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
    if (DeadLetter.marked(record).isPresent()) {
      return;
    }
    ReceivedRecord received = new ReceivedRecord(record, Instant.ofEpochMilli(record.timestamp()));
    visitor.visit(
        received.source(),
        received.body(),
        received.messageHeaders(),
        new DeadLetter(record, false).failure());
  }

  private boolean done() {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
