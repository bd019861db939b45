package io.darkroom.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All events of workers, as a consumer sees them. Safe for use by many threads. */
final class EventLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TOPICS =
      List.of("darkroom.events", "darkroom.progress", "darkroom.dead-letters");

  private final Map<String, List<Event>> events = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private final Thread thread;

  /**
   * One event.
   *
   * @param kind {@code completed}, {@code started} ..., or {@code dead-letter}
   * @param ceId id of the CloudEvent
   * @param source the worker that published it
   * @param atNanos when it was seen here
   */
  record Event(String kind, String ceId, String source, long atNanos, JsonNode data) {
    boolean terminal() {
      return List.of("completed", "failed", "cancelled", "rejected").contains(kind);
    }
  }

  EventLog(String bootstrapServers) {
    thread = new Thread(() -> follow(bootstrapServers), "event-log");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the events of a request so far, in order. */
  synchronized List<Event> of(String id) {
    return List.copyOf(events.getOrDefault(id, List.of()));
  }

  synchronized boolean ended(String id) {
    return ended.contains(id);
  }

  long count(String id, String kind) {
    return of(id).stream().filter(event -> event.kind().equals(kind)).count();
  }

  /** Returns the worker that renders a request; empty before its begin and after its end. */
  String renderedBy(String id) {
    String source = "";
    for (Event event : of(id)) {
      if (event.terminal()) {
        return "";
      }
      source = event.kind().equals("started") ? event.source() : source;
    }
    return source;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(String bootstrapServers) {
    // A topic that is deleted and created again begins at 0.
    Map<String, Object> config =
        Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      assign(consumer);
      while (!Thread.currentThread().isInterrupted()) {
        consumer.poll(Duration.ofMillis(100)).forEach(this::add);
      }
    } catch (InterruptException closed) {
      Thread.currentThread().interrupt();
    } catch (KafkaException e) {
      System.out.println("event log ended: " + e);
    }
  }

  private static void assign(KafkaConsumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : TOPICS) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private synchronized void add(ConsumerRecord<byte[], byte[]> record) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    Event event = event(record);
    events.computeIfAbsent(key, each -> new ArrayList<>()).add(event);
    if (event.terminal()) {
      ended.add(key);
    }
  }

  private static Event event(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals("darkroom.dead-letters")) {
      return new Event("dead-letter", "", "", System.nanoTime(), JSON.nullNode());
    }
    try {
      String kind = header(record, "ce_type").split("\\.", -1)[3];
      return new Event(
          kind,
          header(record, "ce_id"),
          header(record, "ce_source"),
          System.nanoTime(),
          JSON.readTree(record.value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
