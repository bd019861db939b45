package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class NewPartitionsTest {
  private final AtomicLong clock = new AtomicLong(5);
  private final NewPartitions partitions = new NewPartitions(clock::get);

  private void assign(int partition) {
    partitions.assigned(List.of(new TopicPartition("a/b", partition)));
  }

  private void receive(int partition, long offset) {
    partitions.received(new ConsumerRecord<>("a/b", partition, offset, null, null));
  }

  @Test
  void recordsFromTheFirstReceivedOneOnMayFollow() {
    assign(1);
    assertThat(partitions.mayReceive("a/b/1/6")).isTrue();
    receive(1, 7);
    receive(1, 9);

    assertThat(partitions.mayReceive("a/b/1/6")).isFalse();
    assertThat(partitions.mayReceive("a/b/1/7")).isTrue();
    assertThat(partitions.mayReceive("a/b/1/8")).isTrue();
  }

  @Test
  void recordsOfOtherPartitionsDoNotFollow() {
    assign(1);

    assertThat(partitions.mayReceive("a/b/2/6")).isFalse();
    assertThat(partitions.mayReceive("b/1/6")).isFalse();
    assertThat(partitions.mayReceive("no place")).isFalse();
  }

  @Test
  void aPartitionIsNewForOneSecond() {
    assertThat(partitions.nanosLeft()).isZero();
    assign(1);
    assertThat(partitions.nanosLeft()).isEqualTo(Duration.ofSeconds(1).toNanos());
    clock.addAndGet(Duration.ofMillis(600).toNanos());
    assign(2);
    assertThat(partitions.mayReceive("a/b/1/6")).isTrue();
    assertThat(partitions.nanosLeft()).isEqualTo(Duration.ofSeconds(1).toNanos());

    clock.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(partitions.nanosLeft()).isZero();
    assign(3);
    assertThat(partitions.mayReceive("a/b/1/6")).isFalse();
  }
}
