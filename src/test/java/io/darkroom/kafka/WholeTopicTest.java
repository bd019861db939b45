package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WholeTopicTest {
  private static final String TOPIC = "darkroom.control";
  private static final Duration NOW = Duration.ZERO;

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private long clock;
  private final WholeTopic partitions = new WholeTopic(consumer, TOPIC, () -> clock);

  /**
   * Creates a topic with these numbers of partitions and records; each partition begins at offset
   * 3.
   */
  private void topic(int count, int records) {
    List<PartitionInfo> infos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      infos.add(new PartitionInfo(TOPIC, i, Node.noNode(), new Node[0], new Node[0]));
      TopicPartition partition = new TopicPartition(TOPIC, i);
      consumer.updateBeginningOffsets(Map.of(partition, 3L));
      consumer.updateEndOffsets(Map.of(partition, 3L + records));
    }
    consumer.updatePartitions(TOPIC, infos);
  }

  private void record(int partition, long offset) {
    consumer.addRecord(new ConsumerRecord<>(TOPIC, partition, offset, new byte[0], new byte[0]));
  }

  @Test
  void aMissingTopicDoesNotBlock() {
    assertThat(partitions.upToDate()).isFalse();
    assertThat(partitions.find()).isFalse();
    assertThat(partitions.upToDate()).isTrue();
  }

  @Test
  void everyPartitionIsReadFromBeginningToEnd() {
    topic(2, 2);
    assertThat(partitions.find()).isTrue();
    assertThat(partitions.upToDate()).isFalse();

    record(0, 3);
    record(0, 4);
    record(1, 3);
    assertThat(partitions.poll(NOW).count()).isEqualTo(3);
    assertThat(partitions.upToDate()).isFalse();

    record(1, 4);
    assertThat(partitions.poll(NOW).count()).isEqualTo(1);
    assertThat(partitions.upToDate()).isTrue();
  }

  @Test
  void anEmptyTopicIsReadAtOnce() {
    topic(3, 0);
    assertThat(partitions.find()).isTrue();
    assertThat(partitions.upToDate()).isTrue();
  }

  @Test
  void partitionsThatAreAddedLaterAreReadFromTheirBeginning() {
    topic(1, 1);
    partitions.find();
    record(0, 3);
    partitions.poll(NOW);
    topic(2, 1);
    partitions.find();
    assertThat(partitions.count()).as("no look before its time").isEqualTo(1);

    clock += Duration.ofMinutes(1).toNanos();
    partitions.find();

    assertThat(partitions.count()).isEqualTo(2);
    record(1, 3);
    assertThat(partitions.poll(NOW)).extracting(ConsumerRecord::partition).containsExactly(1);
    assertThat(consumer.position(new TopicPartition(TOPIC, 0))).isEqualTo(4);
  }
}
