package io.darkroom.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Finds the first and the last offset of a selection of records, per partition. */
final class RecordBounds {
  /** Maximum time until a broker answers first. A command does not wait for an outage to end. */
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(15);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> ends;

  private RecordBounds(
      KafkaConsumer<byte[], byte[]> consumer, String topic, RecordSelection selection) {
    this.consumer = consumer;
    this.partitions = partitions(consumer, topic, selection.offsets());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    this.ends = new HashMap<>(consumer.endOffsets(partitions));
  }

  /**
   * Moves a consumer to the first record of each partition of a selection.
   *
   * @return the offset after the last record, by partition
   * @throws IllegalArgumentException if topic, partition or an offset does not exist
   */
  static Map<TopicPartition, Long> seek(
      KafkaConsumer<byte[], byte[]> consumer, String topic, RecordSelection selection) {
    RecordBounds bounds = new RecordBounds(consumer, topic, selection);
    selection.offsets().forEach(range -> bounds.check(topic, range));
    selection.from().ifPresent(time -> bounds.at(time).forEach(consumer::seek));
    selection.to().ifPresent(time -> bounds.ends.putAll(bounds.at(time)));
    selection
        .offsets()
        .forEach(range -> bounds.narrow(new TopicPartition(topic, range.partition()), range));
    bounds.ends.replaceAll((partition, end) -> Math.max(end, consumer.position(partition)));
    return bounds.ends;
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic, List<OffsetRange> chosen) {
    List<TopicPartition> existing = new ArrayList<>();
    consumer
        .listTopics(FIRST_ANSWER)
        .getOrDefault(topic, List.of())
        .forEach(info -> existing.add(new TopicPartition(topic, info.partition())));
    if (existing.isEmpty()) {
      throw new IllegalArgumentException("topic " + topic + " does not exist");
    }
    List<TopicPartition> asked =
        chosen.stream().map(range -> new TopicPartition(topic, range.partition())).toList();
    for (TopicPartition each : asked) {
      if (!existing.contains(each)) {
        throw new IllegalArgumentException(
            "topic %s has the partitions 0 to %d, not %d"
                .formatted(topic, existing.size() - 1, each.partition()));
      }
    }
    return asked.isEmpty() ? existing : asked;
  }

  private void check(String topic, OffsetRange range) {
    TopicPartition partition = new TopicPartition(topic, range.partition());
    long first = consumer.position(partition);
    long end = ends.getOrDefault(partition, first);
    if (range.within(first, end)) {
      return;
    }
    String has = end > first ? "has the offsets %d to %d".formatted(first, end - 1) : "is empty";
    throw new IllegalArgumentException(
        "offsets %s: partition %d of %s %s".formatted(range, range.partition(), topic, has));
  }

  private void narrow(TopicPartition partition, OffsetRange range) {
    long start = consumer.position(partition);
    range.from().ifPresent(from -> consumer.seek(partition, Math.max(start, from)));
    range.to().ifPresent(to -> ends.merge(partition, to + 1, Math::min));
  }

  /**
   * Returns the first offset of each partition at or after a time; the end offset if there is none.
   */
  private Map<TopicPartition, Long> at(Instant time) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, time.toEpochMilli()));
    Map<TopicPartition, Long> offsets = new HashMap<>(ends);
    for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
        consumer.offsetsForTimes(times).entrySet()) {
      if (found.getValue() != null) {
        offsets.put(found.getKey(), found.getValue().offset());
      }
    }
    return offsets;
  }
}
