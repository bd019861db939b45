package io.darkroom.kafka;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A plain client of the broker, as publishers and readers of events use. */
public final class Topics implements AutoCloseable {
  static final String GROUP = "darkroom";

  private final Map<String, Object> config;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;

  public Topics(String bootstrapServers) {
    this(Map.of("bootstrap.servers", bootstrapServers));
  }

  /** Creates a client with further settings. */
  public Topics(Map<String, Object> config) {
    this.config = Map.copyOf(config);
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    admin = Admin.create(config);
  }

  /** Publishes a request and returns its offset. */
  public long request(int partition, String key, String value, Map<String, String> headers) {
    return publish("darkroom.requests", partition, key, value, headers);
  }

  /** Publishes a record to any topic and returns its offset. */
  public long publish(
      String topic, int partition, String key, String value, Map<String, String> headers) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, bytes(key), bytes(value));
    headers.forEach((name, text) -> record.headers().add(name, bytes(text)));
    return publish(record);
  }

  /** Publishes a request to another topic, with its id as key. */
  void request(String topic, String id) {
    publish(new ProducerRecord<>(topic, 0, bytes(id), bytes(id)));
  }

  /** Publishes a request that has no key and returns its offset. */
  long requestWithoutKey(int partition, String value) {
    return publish(new ProducerRecord<>("darkroom.requests", partition, null, bytes(value)));
  }

  /** Publishes a request in a transaction that is aborted. */
  void abortedRequest(int partition, String value) {
    Map<String, Object> transactional = new HashMap<>(config);
    transactional.put("transactional.id", "publisher-" + UUID.randomUUID());
    try (var publisher =
        new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer())) {
      publisher.initTransactions();
      publisher.beginTransaction();
      publisher
          .send(new ProducerRecord<>("darkroom.requests", partition, bytes(value), bytes(value)))
          .get();
      publisher.abortTransaction();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Changes one setting of a topic, until it is closed.
   *
   * @param refused a record that the topic then refuses
   */
  Setting configured(
      String topic, String key, String value, ProducerRecord<byte[], byte[]> refused) {
    alter(topic, key, value, AlterConfigOp.OpType.SET);
    await().atMost(Duration.ofMinutes(1)).until(() -> refuses(refused));
    return () -> alter(topic, key, value, AlterConfigOp.OpType.DELETE);
  }

  /** A setting that lasts until it is closed. */
  interface Setting extends AutoCloseable {
    @Override
    void close();
  }

  private boolean refuses(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
    try {
      producer.send(record).get();
      return false;
    } catch (ExecutionException refused) {
      return true;
    }
  }

  private void alter(String topic, String key, String value, AlterConfigOp.OpType type) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value), type);
    try {
      admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Requests that are published and not acknowledged, both partitions together. */
  long lag() {
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          List.of(
              new TopicPartition("darkroom.requests", 0),
              new TopicPartition("darkroom.requests", 1));
      long end = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
      return end - Math.max(0, committed(0)) - Math.max(0, committed(1));
    }
  }

  /** Publishes a control message and returns its offset. */
  public long control(int partition, String key, String value) {
    return publish(new ProducerRecord<>("darkroom.control", partition, bytes(key), bytes(value)));
  }

  private long publish(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get().offset();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns all records of a topic by key, and validates every event. */
  public Map<String, List<ConsumerRecord<byte[], byte[]>>> all(String topic) {
    Map<String, List<ConsumerRecord<byte[], byte[]>>> byKey = new HashMap<>();
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          EventSchemas.check(record);
          byKey.computeIfAbsent(text(record.key()), k -> new ArrayList<>()).add(record);
        }
      }
    }
    return byKey;
  }

  /** Returns the committed offset of the workers' group, -1 if there is none. */
  long committed(int partition) {
    try {
      var offset =
          admin
              .listConsumerGroupOffsets(GROUP)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition("darkroom.requests", partition));
      return offset == null ? -1 : offset.offset();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), text(header.value()));
    }
    return headers;
  }

  /** Empty if there are none. */
  static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
