package io.darkroom.kafka;

import io.darkroom.json.MessageHeaders;
import io.darkroom.render.Bytes;
import io.darkroom.render.Outage;
import io.darkroom.render.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Follows topics from a time in the past, on its own thread. It has no consumer group, so the
 * offsets of the workers do not change. After an error of the broker it starts again at that time,
 * so a record may be delivered twice. Topics that do not exist yet are followed when they are
 * created.
 */
public final class TopicFeed implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TopicFeed.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final RetryPolicy RETRIES =
      new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(10), RetryPolicy.UNLIMITED);
  private static final long STOP_MILLIS = 5000;

  private final Map<String, Object> broker;
  private final Set<String> topics;
  private final Start start;
  private final Consumer<Item> reader;
  private final Clock clock;
  private final ReadLoop loop;
  private final Thread thread = new Thread(this::follow, "topic-feed");

  /**
   * A record.
   *
   * @param source {@code topic/partition/offset}
   * @param key the key as text; empty if there is none
   * @param time time of publication
   * @param subject the header {@code ce_subject}; empty if there is none
   * @param worker the worker that published an event; empty if the record does not name it
   * @param origin {@code topic/partition/offset} of the original record of a dead letter; empty for
   *     other records, also those that mark a dead letter as redriven
   */
  public record Item(
      String topic,
      String source,
      String key,
      Instant time,
      Bytes body,
      MessageHeaders headers,
      String subject,
      String worker,
      String origin) {}

  /**
   * The start of reading in each partition: the later of two positions.
   *
   * @param lookBack maximum age of the records
   * @param most maximum number of existing records per partition
   */
  public record Start(Duration lookBack, long most) {}

  private TopicFeed(
      Map<String, Object> broker,
      Set<String> topics,
      Start start,
      Consumer<Item> reader,
      Clock clock) {
    this.broker = Map.copyOf(broker);
    this.topics = Set.copyOf(topics);
    this.start = start;
    this.reader = reader;
    this.clock = clock;
    LongSupplier nanoClock = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    this.loop = new ReadLoop(RETRIES, new Outage("following topics", LOG::warn, nanoClock));
    thread.setDaemon(true);
  }

  /**
   * Starts to follow topics.
   *
   * @param broker settings of all clients of the broker
   * @param reader receives the records on the thread of the feed, in the order of each partition
   */
  public static TopicFeed open(
      Map<String, Object> broker,
      Set<String> topics,
      Start start,
      Consumer<Item> reader,
      Clock clock) {
    TopicFeed feed = new TopicFeed(broker, topics, start, reader, clock);
    feed.thread.start();
    return feed;
  }

  @Override
  public void close() {
    loop.close();
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    loop.run(
        () -> {
          try (KafkaConsumer<byte[], byte[]> consumer =
              WholeTopic.consumer(broker, "darkroom-console", "read_committed")) {
            read(consumer);
          }
        });
  }

  private void read(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
    Set<TopicPartition> known = new HashSet<>();
    Instant looked = Instant.MIN;
    while (!loop.closed()) {
      if (clock.instant().isAfter(looked.plus(LOOK))) {
        find(consumer, known);
        looked = clock.instant();
      }
      if (known.isEmpty()) {
        loop.closedWithin(POLL);
      } else {
        consumer.poll(POLL).forEach(this::show);
        loop.worked();
      }
    }
  }

  /**
   * Passes a record to the reader. A record that causes an error is skipped; otherwise it would be
   * read again and again.
   */
  private void show(ConsumerRecord<byte[], byte[]> record) {
    try {
      reader.accept(item(record));
    } catch (RuntimeException | StackOverflowError fault) {
      LOG.errorf(
          fault,
          "record not shown source=%s/%d/%d",
          record.topic(),
          record.partition(),
          record.offset());
    }
  }

  private void find(KafkaConsumer<byte[], byte[]> consumer, Set<TopicPartition> known) {
    List<TopicPartition> found = new ArrayList<>();
    consumer
        .listTopics()
        .forEach(
            (topic, partitions) -> {
              if (topics.contains(topic)) {
                partitions.forEach(each -> found.add(new TopicPartition(topic, each.partition())));
              }
            });
    found.removeAll(known);
    if (!found.isEmpty()) {
      known.addAll(found);
      consumer.assign(known);
      begin(consumer, found);
    }
  }

  private void begin(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    long from = clock.instant().minus(start.lookBack()).toEpochMilli();
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, from));
    Map<TopicPartition, OffsetAndTimestamp> atTime = new HashMap<>(consumer.offsetsForTimes(times));
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      long end = ends.getOrDefault(partition, 0L);
      OffsetAndTimestamp first = atTime.get(partition);
      long offset = first == null ? end : first.offset();
      consumer.seek(partition, Math.max(offset, end - start.most()));
    }
  }

  private static Item item(ConsumerRecord<byte[], byte[]> record) {
    ReceivedRecord received = new ReceivedRecord(record, Instant.ofEpochMilli(record.timestamp()));
    return new Item(
        record.topic(),
        received.source(),
        ReceivedRecord.text(record.key()),
        Instant.ofEpochMilli(record.timestamp()),
        new Bytes(received.body()),
        received.messageHeaders(),
        RetryHistory.text(record.headers(), "ce_subject").orElse(""),
        RetryHistory.text(record.headers(), Outgoing.WORKER).orElse(""),
        DeadLetter.origin(record));
  }
}
