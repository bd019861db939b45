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
import java.util.function.LongSupplier;
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
 * The topic of requests that are tried again later. One thread per worker reads it in a consumer
 * group and publishes each record to the topic of requests when its delay is over, so that retries
 * are consumed like new requests. A partition is read in order, so a record waits at most as long
 * as the longest delay. Without the topic, the worker retries records on their own threads. Safe
 * for use by many threads.
 */
@Singleton
final class RetryTopic {
  private static final Logger LOG = Logger.getLogger(RetryTopic.class);
  private static final String CLIENT = "darkroom-retries";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration FIRST_LOOK = Duration.ofSeconds(5);

  /** Interval between two checks for a topic that does not exist. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Map<String, Object> broker;
  private final KafkaSettings settings;
  private final Clock clock;
  private final RecordProducer producer;
  private final Outage outage;
  private final ReadLoop loop;
  private final Thread thread = new Thread(this::run, "retries");
  private final CountDownLatch looked = new CountDownLatch(1);
  private volatile boolean usable;

  @Inject
  RetryTopic(
      @Identifier("default-kafka-broker") Map<String, Object> broker,
      KafkaSettings settings,
      Clock clock,
      LongSupplier nanoClock) {
    this.broker = broker;
    this.settings = settings;
    this.clock = clock;
    this.producer = new RecordProducer(broker, CLIENT);
    this.outage = new Outage("publishing retries", LOG::warn, nanoClock);
    Outage reading = new Outage("reading retries", LOG::warn, nanoClock);
    this.loop = new ReadLoop(settings.retries(), reading);
    thread.setDaemon(true);
  }

  /** Starts the thread that reads the topic. Call it once. */
  void start() {
    thread.start();
  }

  /** Returns whether the topic exists. Blocks for at most five seconds until this is known. */
  boolean usable() {
    try {
      return looked.await(FIRST_LOOK.toNanos(), TimeUnit.NANOSECONDS) && usable;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Publishes a record to the topic and waits until the broker has stored it.
   *
   * @return false if the additional headers make the record larger than the topic allows
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
    loop.close();
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
    loop.run(
        () -> {
          try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consume(consumer);
          }
        });
  }

  private void consume(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
    usable = consumer.listTopics().containsKey(name());
    looked.countDown();
    while (!usable && !loop.closedWithin(LOOK)) {
      usable = consumer.listTopics().containsKey(name());
    }
    consumer.subscribe(List.of(name()));
    while (!loop.closed()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        forward(consumer, record);
      }
      loop.worked();
    }
  }

  private void forward(
      KafkaConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    if (!awaitDue(consumer, record)) {
      return; // not committed, so this or another worker reads it again
    }
    if (consumer.assignment().contains(partition)) {
      send(request(record));
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));
    }
  }

  /**
   * Waits until a record is due, and keeps polling so that the consumer stays in the group. Returns
   * false if the worker stops first.
   */
  private boolean awaitDue(
      KafkaConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    long due = due(record);
    while (clock.millis() < due && !loop.closed()) {
      consumer.pause(consumer.assignment());
      ConsumerRecords<byte[], byte[]> early = consumer.poll(POLL);
      // Records of a partition that was assigned during this poll are read again.
      early.partitions().forEach(each -> consumer.seek(each, early.records(each).get(0).offset()));
    }
    consumer.resume(consumer.assignment());
    return !loop.closed();
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
    return new ProducerRecord<>(origin(record), null, record.key(), record.value(), headers);
  }

  /**
   * Returns the topic of the original record, or the first configured topic of requests if this
   * worker does not read the original one.
   */
  private String origin(ConsumerRecord<byte[], byte[]> record) {
    List<String> topics = settings.topics().requests();
    return RetryHistory.of(record.headers())
        .source()
        .map(source -> source.substring(0, Math.max(0, source.indexOf('/'))))
        .filter(topics::contains)
        .orElse(topics.get(0));
  }

  /** Returns the headers without those of a retry. */
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
}
