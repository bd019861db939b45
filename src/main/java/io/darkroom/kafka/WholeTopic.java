package io.darkroom.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * All partitions of a topic that every worker reads whole, those that are added later too, each
 * from its beginning. A topic that is not there has none. Used by one thread.
 */
final class WholeTopic {
  private static final Logger LOG = Logger.getLogger(WholeTopic.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final LongSupplier nanoClock;

  /** Where each ended when it was found. */
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  private boolean looked;
  private long lookedNanos;

  WholeTopic(Consumer<byte[], byte[]> consumer, String topic, LongSupplier nanoClock) {
    this.consumer = consumer;
    this.topic = topic;
    this.nanoClock = nanoClock;
  }

  /** Looks for partitions, now and then; whether there are any. */
  boolean find() {
    long now = nanoClock.getAsLong();
    if (!looked || now - lookedNanos >= LOOK_NANOS) {
      look();
      looked = true;
      lookedNanos = now;
    }
    return !ends.isEmpty();
  }

  /** What comes next; there must be partitions. */
  ConsumerRecords<byte[], byte[]> poll(Duration patience) {
    return consumer.poll(patience);
  }

  /** Whether everything is read that stood there when the partitions were found. */
  boolean upToDate() {
    return looked
        && ends.entrySet().stream()
            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** From now on {@link #upToDate} asks for what stands in the topic now. */
  void lookForEnds() {
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
