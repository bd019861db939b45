package io.darkroom.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes requests to one topic and counts their events in another. */
final class RequestPublisher implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofMillis(5);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final String requests;
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;

  RequestPublisher(String bootstrapServers, String requests, String events) {
    this.requests = requests;
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers);
    producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(events).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  void publish(String id, String request) {
    byte[] body = request.getBytes(StandardCharsets.UTF_8);
    sent.add(producer.send(new ProducerRecord<>(requests, id, body)));
  }

  /** Waits until the broker has stored all. */
  void flush() throws Exception {
    producer.flush();
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
    sent.clear();
  }

  /**
   * Waits for so many events.
   *
   * @return the last one's bytes
   */
  byte[] await(int events) {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    byte[] last = {};
    for (int seen = 0; seen < events; ) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(MOMENT)) {
        check(record);
        last = record.value();
        seen++;
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException("received " + seen + " of " + events + " events");
      }
    }
    return last;
  }

  private static void check(ConsumerRecord<byte[], byte[]> record) {
    Header type = record.headers().lastHeader("ce_type");
    String name = type == null ? "" : new String(type.value(), StandardCharsets.UTF_8);
    if (!name.contains(".completed.")) {
      throw new IllegalStateException(
          name + ": " + new String(record.value(), StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
