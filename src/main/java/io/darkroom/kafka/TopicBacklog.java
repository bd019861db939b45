package io.darkroom.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the backlog of a group without joining the group: the lag of each partition, and the cost
 * of the first unacknowledged records. Each of these records is read once. Used by one thread.
 */
public final class TopicBacklog implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** Reading ends after this number of consecutive polls without a record. */
  private static final int EMPTY_POLLS = 10;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Admin admin;
  private final Waiting waiting;
  private final int lookAhead;
  private final RequestCost.Source costs;
  private final Clock clock;
  private final Map<TopicPartition, PartitionWindow> windows = new HashMap<>();

  /**
   * The records that a group of workers has not acknowledged.
   *
   * @param topics their topics
   * @param group the group
   * @param consumption kind of the group
   * @param optional whether a topic may be missing; nothing waits in it then
   */
  public record Waiting(
      List<String> topics, String group, Consumption consumption, boolean optional) {
    public Waiting {
      topics = List.copyOf(topics);
    }
  }

  /**
   * Opens the Kafka clients, which {@link #close} closes.
   *
   * @param broker configuration of the Kafka clients
   * @param clientId their client id
   * @param lookAhead number of records per partition whose cost is determined, at least 1; the cost
   *     of further records is estimated
   */
  public TopicBacklog(
      Map<String, Object> broker,
      String clientId,
      Waiting waiting,
      int lookAhead,
      RequestCost.Source costs,
      Clock clock) {
    Map<String, Object> config = new HashMap<>(broker);
    config.put("metadata.max.age.ms", 30_000); // finds partitions that are added
    this.consumer = WholeTopic.consumer(config, clientId, "read_committed");
    this.admin = AdminClients.open(broker, clientId);
    this.waiting = waiting;
    this.lookAhead = lookAhead;
    this.costs = costs;
    this.clock = clock;
  }

  /**
   * Reads the current backlog.
   *
   * @throws ExecutionException if the broker does not answer
   */
  public Backlog read() throws ExecutionException, InterruptedException {
    List<TopicPartition> partitions = partitions();
    if (partitions.isEmpty()) {
      return Backlog.EMPTY;
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, GroupOffsets.Progress> progress =
        GroupOffsets.read(admin, waiting.group(), waiting.consumption());
    forget(acknowledged(partitions, progress));
    readAhead(ends);
    Backlog sum = Backlog.EMPTY;
    for (TopicPartition partition : partitions) {
      PartitionWindow window = window(partition);
      long end = ends.getOrDefault(partition, 0L);
      long position = Math.max(consumer.position(partition), window.next());
      OptionalLong left =
          progress.containsKey(partition)
              ? progress.get(partition).waiting()
              : OptionalLong.empty();
      sum = sum.plus(window.backlog(partition, end, Math.max(0, end - position), left));
    }
    return sum;
  }

  @Override
  public void close() {
    consumer.close();
    admin.close();
  }

  private List<TopicPartition> partitions() throws ExecutionException {
    Map<String, List<PartitionInfo>> all = consumer.listTopics();
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : waiting.topics()) {
      List<PartitionInfo> infos = all.getOrDefault(topic, List.of());
      if (infos.isEmpty() && !waiting.optional()) {
        throw new ExecutionException(new IllegalStateException(topic + ": does not exist"));
      }
      infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    if (!consumer.assignment().containsAll(partitions)) {
      consumer.assign(partitions);
      partitions.forEach(partition -> consumer.seek(partition, window(partition).next()));
    }
    return partitions;
  }

  private PartitionWindow window(TopicPartition partition) {
    return windows.computeIfAbsent(partition, any -> new PartitionWindow(lookAhead));
  }

  private Map<TopicPartition, Long> acknowledged(
      List<TopicPartition> partitions, Map<TopicPartition, GroupOffsets.Progress> progress) {
    Map<TopicPartition, Long> offsets = new HashMap<>(consumer.beginningOffsets(partitions));
    progress.forEach(
        (partition, of) ->
            offsets.computeIfPresent(partition, (any, first) -> Math.max(first, of.offset())));
    return offsets;
  }

  private void forget(Map<TopicPartition, Long> acknowledged) {
    acknowledged.forEach(
        (partition, offset) -> {
          PartitionWindow window = window(partition);
          boolean forward = window.acknowledged(offset);
          if (!forward || consumer.position(partition) < offset) {
            consumer.seek(partition, offset);
          }
        });
  }

  private void readAhead(Map<TopicPartition, Long> ends) {
    for (int empty = 0; empty < EMPTY_POLLS && unread(ends); ) {
      int count = 0;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        ReceivedRecord received = new ReceivedRecord(record, clock.instant());
        PartitionWindow window = window(new TopicPartition(record.topic(), record.partition()));
        if (!window.full()) {
          RequestCost cost = costs.of(received.body(), received.messageHeaders());
          Instant since = received.history().firstSeen().orElse(received.published());
          window.add(record.offset(), cost, since);
          count++;
        }
      }
      empty = count == 0 ? empty + 1 : 0;
    }
  }

  /**
   * Pauses the partitions whose windows are full. Returns whether other partitions have more
   * records to read.
   */
  private boolean unread(Map<TopicPartition, Long> ends) {
    boolean more = false;
    for (TopicPartition partition : consumer.assignment()) {
      PartitionWindow window = window(partition);
      if (window.full()) {
        consumer.pause(List.of(partition));
        consumer.seek(partition, window.next());
      } else {
        consumer.resume(List.of(partition));
        more |= consumer.position(partition) < ends.getOrDefault(partition, 0L);
      }
    }
    return more;
  }
}
