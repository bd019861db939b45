package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

class LocalStackTest {
  @TempDir Path folder;

  @Test
  void recordsAndObjectsOutliveARestart() throws Exception {
    ObjectUri uri = new ObjectUri(LocalStack.BUCKET, "renders/cat/0.png");
    try (LocalStack stack = LocalStack.start(folder);
        S3Client client = S3Clients.open(stack.s3().settings())) {
      publish(stack, "darkroom.requests", "cat");
      new S3ObjectStore(client).put(uri, new byte[] {1, 2, 3}, "image/png");
    }
    try (LocalStack again = LocalStack.start(folder);
        S3Client client = S3Clients.open(again.s3().settings())) {
      assertThat(consume(again, "darkroom.requests", 1)).containsExactly("cat");
      assertThat(new S3ObjectStore(client).get(uri, 100))
          .hasValueSatisfying(b -> assertThat(b).containsExactly(1, 2, 3));
    }
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> LocalStack.start(folder, port, 0))
          .hasMessage("Kafka: port " + port + " is taken");
      assertThatThrownBy(() -> LocalStack.start(folder, 0, port))
          .hasMessage("S3: port " + port + " is taken");
    }
  }

  private static void publish(LocalStack stack, String topic, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", stack.kafka().bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, value)).get();
    }
  }

  private static List<String> consume(LocalStack stack, String topic, int count) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            stack.kafka().bootstrapServers(),
            "group.id",
            "test",
            "auto.offset.reset",
            "earliest");
    List<String> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
