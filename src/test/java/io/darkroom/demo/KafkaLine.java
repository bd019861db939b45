package io.darkroom.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

/**
 * The connection of a publisher: plain JSON to the topic of requests, CloudEvents from the topics
 * of events.
 */
final class KafkaLine implements WorkerConnection, AutoCloseable {
  private static final String REQUESTS = "darkroom.requests";
  private static final List<String> ANSWERS = List.of("darkroom.events", "darkroom.progress");
  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final Pattern TYPE = Pattern.compile("io\\.darkroom\\.render\\.(\\w+)\\.v1");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;

  KafkaLine(String bootstrapServers) {
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers);
    producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        ANSWERS.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  @Override
  public String publish(String key, byte[] body) {
    try {
      RecordMetadata place = producer.send(new ProducerRecord<>(REQUESTS, key, body)).get();
      return place.topic() + "/" + place.partition() + "/" + place.offset();
    } catch (ExecutionException e) {
      throw new DemoFailure(key + ": could not be published: " + e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("interrupted");
    }
  }

  @Override
  public List<Notice> poll() {
    List<Notice> notices = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(MOMENT)) {
      notice(record).ifPresent(notices::add);
    }
    return notices;
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }

  private static Optional<Notice> notice(ConsumerRecord<byte[], byte[]> record) {
    Matcher type = TYPE.matcher(header(record, "ce_type"));
    if (!type.matches()) {
      return Optional.empty();
    }
    try {
      JsonNode data = JSON.readTree(record.value());
      return Optional.of(new Notice(header(record, "ce_subject"), type.group(1), data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
