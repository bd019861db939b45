package io.darkroom.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * Reads all partitions of a topic from their beginning, including partitions that are added later.
 * A topic that does not exist has no partitions. Used by one thread.
 */
final class WholeTopic {
  private static final Logger LOG = Logger.getLogger(WholeTopic.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final LongSupplier nanoClock;

  /** End offset of each partition at the time when it was found. */
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  private boolean looked;
  private long lookedNanos;

  WholeTopic(Consumer<byte[], byte[]> consumer, String topic, LongSupplier nanoClock) {
    this.consumer = consumer;
    this.topic = topic;
    this.nanoClock = nanoClock;
  }

  /**
   * Creates a consumer without a group: every worker reads all records, and no offset is committed.
   *
   * @param broker configuration of Kafka clients
   * @param isolation {@code read_committed} or {@code read_uncommitted}
   */
  static KafkaConsumer<byte[], byte[]> consumer(
      Map<String, Object> broker, String clientId, String isolation) {
    Map<String, Object> config = new HashMap<>(broker);
    config.keySet().retainAll(ConsumerConfig.configNames());
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Looks for new partitions at most every 30 s. Returns whether there are any partitions. */
  boolean find() {
    long now = nanoClock.getAsLong();
    if (!looked || now - lookedNanos >= LOOK_NANOS) {
      look();
      looked = true;
      lookedNanos = now;
    }
    return !ends.isEmpty();
  }

  /** Returns the next records. The topic must have partitions. */
  ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    return consumer.poll(timeout);
  }

  /** Returns whether the reader has reached the end offsets that were read last. */
  boolean upToDate() {
    return looked
        && ends.entrySet().stream()
            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Sets the end offsets for {@link #upToDate} to the current ends of the partitions. */
  void updateEnds() {
    ends.putAll(consumer.endOffsets(ends.keySet()));
  }

  int count() {
    return ends.size();
  }

  private void look() {
    List<TopicPartition> found = new ArrayList<>();
    List<PartitionInfo> infos = consumer.listTopics().getOrDefault(topic, List.of());
    for (PartitionInfo info : infos) {
      TopicPartition partition = new TopicPartition(topic, info.partition());
      if (!ends.containsKey(partition)) {
        found.add(partition);
      }
    }
    if (infos.isEmpty()) {
      LOG.warnf("topic missing topic=%s", topic);
    }
    if (!found.isEmpty()) {
      List<TopicPartition> all = new ArrayList<>(ends.keySet());
      all.addAll(found);
      consumer.assign(all);
      consumer.seekToBeginning(found);
      ends.putAll(consumer.endOffsets(found));
    }
  }
}
