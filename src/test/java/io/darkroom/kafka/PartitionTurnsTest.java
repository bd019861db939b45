package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.LocalKafka;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configured consumer reads its partitions in turn, also if all of them have a backlog. */
class PartitionTurnsTest {
  private static final String CONNECTOR = "mp.messaging.incoming.requests.";
  private static final String FETCH_BYTES = "max.partition.fetch.bytes";
  private static final int PARTITIONS = 4;
  private static final int BACKLOG = 50;

  @Test
  void theFirstRecordsAreFromAllPartitions(@TempDir Path folder) throws Exception {
    try (LocalKafka kafka = new LocalKafka(folder, 0)) {
      kafka.createTopics(List.of("requests"), PARTITIONS);
      publish(kafka);

      Set<Integer> read = new HashSet<>();
      try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
        consumer.subscribe(List.of("requests"));
        for (int records = 0; records < 2 * PARTITIONS; ) {
          for (ConsumerRecord<?, ?> record : consumer.poll(Duration.ofMillis(200))) {
            read.add(record.partition());
            records++;
          }
        }
      }

      assertThat(read).containsExactlyInAnyOrder(0, 1, 2, 3);
    }
  }

  /** Publishes one batch per record. */
  private static void publish(LocalKafka kafka) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < BACKLOG * PARTITIONS; i++) {
        producer.send(new ProducerRecord<>("requests", i % PARTITIONS, null, new byte[300])).get();
      }
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(LocalKafka kafka) throws Exception {
    Properties properties = new Properties();
    try (InputStream file =
        PartitionTurnsTest.class.getResourceAsStream("/application.properties")) {
      properties.load(file);
    }
    Map<String, Object> config = new HashMap<>(kafka.client());
    config.put("group.id", "turns");
    config.put("auto.offset.reset", "earliest");
    config.put("max.poll.records", 2);
    config.put(FETCH_BYTES, properties.getProperty(CONNECTOR + FETCH_BYTES));
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
