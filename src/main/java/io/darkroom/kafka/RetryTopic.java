package io.darkroom.kafka;

import io.darkroom.render.Outage;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * The topic of requests that are settled later. One thread per worker reads it in a consumer group
 * and publishes each record to the topic of requests when it is due, so that retries take the same
 * way as new requests. A partition is read in order: a record waits at most as long as the longest
 * delay. Without the topic, records are tried again in place. Safe for use by many threads.
 */
@Singleton
final class RetryTopic {
  private static final Logger LOG = Logger.getLogger(RetryTopic.class);
  private static final String CLIENT = "darkroom-retries";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Duration FIRST_LOOK = Duration.ofSeconds(5);

  /** How often the broker is asked for a topic that does not exist. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Map<String, Object> broker;
  private final KafkaSettings settings;
  private final Clock clock;
  private final RecordProducer producer;
  private final Outage outage = new Outage("publishing retries", LOG::warn);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "retries");
  private final CountDownLatch looked = new CountDownLatch(1);
  private volatile boolean usable;

  @Inject
  RetryTopic(
      @Identifier("default-kafka-broker") Map<String, Object> broker,
      KafkaSettings settings,
      Clock clock) {
    this.broker = broker;
    this.settings = settings;
    this.clock = clock;
    this.producer = new RecordProducer(broker, CLIENT);
    thread.setDaemon(true);
  }

  /** Starts the thread that reads the topic; call it once. */
  void start() {
    thread.start();
  }

  /** Whether the topic exists. Blocks for at most five seconds until that is known. */
  boolean usable() {
    try {
      return looked.await(FIRST_LOOK.toNanos(), TimeUnit.NANOSECONDS) && usable;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Publishes a record to the topic and waits until the broker has it.
   *
   * @return false if its headers make it larger than the topic allows
   * @throws KafkaException if the broker does not accept it
   */
  boolean publish(ReceivedRecord record, Decision.Postponed postponed) {
    ConsumerRecord<byte[], byte[]> origin = record.record();
    RecordHeaders headers = own(origin);
    RetryHistory history = record.history();
    Instant due = clock.instant().plus(postponed.delay());
    add(headers, RetryHistory.ROUNDS, history.rounds() + 1);
    add(headers, RetryHistory.TRIES, postponed.tries());
    add(headers, RetryHistory.DEATHS, record.attempts() - 1);
    add(headers, RetryHistory.FIRST_SEEN, history.firstSeen().orElse(record.received()));
    add(headers, RetryHistory.SOURCE, history.source().orElse(record.source()));
    add(headers, RetryHistory.REASON, postponed.problem().message());
    add(headers, RetryHistory.DUE, due.toEpochMilli());
    try {
      send(new ProducerRecord<>(name(), null, origin.key(), origin.value(), headers));
      return true;
    } catch (RecordTooLargeException e) {
      return false;
    }
  }

  @PreDestroy
  void close() {
    closed.countDown();
    producer.close();
  }

  private String name() {
    return settings.topics().retries();
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record);
      outage.worked();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    } catch (RecordTooLargeException ofThisRecord) {
      throw ofThisRecord;
    } catch (KafkaException e) {
      outage.failed(e.getClass().getSimpleName() + ": " + e.getMessage());
      throw e;
    }
  }

  private void run() {
    try {
      while (!closedWithin(Duration.ZERO)) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
          consume(consumer);
        } catch (KafkaException e) {
          outage.failed(e.getClass().getSimpleName() + ": " + e.getMessage());
          closedWithin(PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void consume(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
    usable = consumer.listTopics().containsKey(name());
    looked.countDown();
    while (!usable && !closedWithin(LOOK)) {
      usable = consumer.listTopics().containsKey(name());
    }
    consumer.subscribe(List.of(name()));
    while (!closedWithin(Duration.ZERO)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        forward(consumer, record);
      }
    }
  }

  private void forward(
      KafkaConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    if (!awaitDue(consumer, record)) {
      return; // uncommitted: read again by this worker or another
    }
    if (consumer.assignment().contains(partition)) {
      send(request(record));
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));
    }
  }

  /** Stays in the group while it waits. Returns false if the worker stops first. */
  private boolean awaitDue(
      KafkaConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    long due = due(record);
    while (clock.millis() < due && !closedWithin(Duration.ZERO)) {
      consumer.pause(consumer.assignment());
      ConsumerRecords<byte[], byte[]> early = consumer.poll(POLL);
      // Records of a partition that was assigned during this poll are read again.
      early.partitions().forEach(each -> consumer.seek(each, early.records(each).get(0).offset()));
    }
    consumer.resume(consumer.assignment());
    return !closedWithin(Duration.ZERO);
  }

  private static long due(ConsumerRecord<byte[], byte[]> record) {
    return RetryHistory.text(record.headers(), RetryHistory.DUE)
        .filter(text -> text.matches("\\d{1,18}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  private ProducerRecord<byte[], byte[]> request(ConsumerRecord<byte[], byte[]> record) {
    RecordHeaders headers = new RecordHeaders(record.headers());
    headers.remove(RetryHistory.DUE);
    return new ProducerRecord<>(
        settings.topics().requests(), null, record.key(), record.value(), headers);
  }

  /** The record's own headers. */
  private static RecordHeaders own(ConsumerRecord<byte[], byte[]> record) {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : record.headers()) {
      if (!header.key().startsWith(RetryHistory.PREFIX)) {
        headers.add(header);
      }
    }
    return headers;
  }

  private static void add(RecordHeaders headers, String name, Object value) {
    headers.add(name, Outgoing.utf8(value.toString()));
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> config = new HashMap<>(broker);
    config.keySet().retainAll(ConsumerConfig.configNames());
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, CLIENT);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group() + "-retries");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private boolean closedWithin(Duration pause) throws InterruptedException {
    return closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }
}
