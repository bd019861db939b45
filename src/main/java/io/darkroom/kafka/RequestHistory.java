package io.darkroom.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Reads every request that the topics of requests still have, whether it is acknowledged or not.
 */
public final class RequestHistory {
  private static final Duration POLL = Duration.ofMillis(200);

  /** Reading fails after this number of consecutive polls without a record. */
  private static final int EMPTY_POLLS = 50;

  private RequestHistory() {}

  /**
   * Reads the topics once, from their beginning to their current end. Records that a worker
   * published again after a failure are left out.
   *
   * @param broker configuration of the Kafka clients
   * @param request receives the time of publication and the cost of each request
   * @throws org.apache.kafka.common.KafkaException if the broker does not answer
   */
  public static void read(
      Map<String, Object> broker,
      List<String> topics,
      RequestCost.Source costs,
      Clock clock,
      BiConsumer<Instant, RequestCost> request) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        WholeTopic.consumer(broker, "darkroom-trace", "read_committed")) {
      List<TopicPartition> partitions =
          topics.stream()
              .flatMap(topic -> partitions(consumer, topic).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      int empty = 0;
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        int count = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          count++;
          ReceivedRecord received = new ReceivedRecord(record, clock.instant());
          if (received.history().source().isEmpty()) {
            RequestCost cost = costs.of(received.body(), received.messageHeaders());
            request.accept(received.published(), cost);
          }
        }
        empty = count == 0 ? empty + 1 : 0;
        if (empty == EMPTY_POLLS) {
          throw new TimeoutException("the broker returned no records of " + topics);
        }
      }
    }
  }

  private static List<PartitionInfo> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<PartitionInfo> found = consumer.listTopics().getOrDefault(topic, List.of());
    if (found.isEmpty()) {
      throw new UnknownTopicOrPartitionException(topic + ": does not exist");
    }
    return found;
  }
}
