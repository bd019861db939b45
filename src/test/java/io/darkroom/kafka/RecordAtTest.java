package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.LocalKafka;
import io.darkroom.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordAtTest {
  private static final String TOPIC = "letters";
  private static final byte[] BODY = {'x'};

  @TempDir static Path folder;
  private static LocalKafka kafka;

  /** Publishes a record in an aborted transaction and one in a committed transaction. */
  @BeforeAll
  static void startBroker() throws Exception {
    kafka = new LocalKafka(folder, Ports.ANY);
    kafka.createTopics(List.of(TOPIC), 1);
    Map<String, Object> client = new HashMap<>(kafka.client());
    client.put("transactional.id", "letters");
    try (var producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, BODY)).get();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, BODY)).get();
      producer.commitTransaction();
    }
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  private static Optional<RecordAt> read(String source) {
    return RecordAt.read(kafka.client(), source, System::nanoTime);
  }

  @Test
  void aRecordIsReadFromItsPlace() {
    assertThat(read(TOPIC + "/0/2"))
        .hasValueSatisfying(
            record -> {
              assertThat(record.source()).isEqualTo(TOPIC + "/0/2");
              assertThat(record.key()).isEmpty();
              assertThat(record.body().array()).isEqualTo(BODY);
            });
    assertThat(read(TOPIC + "/0/99")).isEmpty();
    assertThatThrownBy(() -> read("letters/0"))
        .hasMessage("must be topic/partition/offset, is letters/0");
  }

  @Test
  void thereIsNoRecordOfAnAbortedTransaction() {
    assertThat(read(TOPIC + "/0/0")).isEmpty();
    assertThat(read(TOPIC + "/0/1")).as("its end").isEmpty();
  }

  @Test
  void aRecordThatDoesNotArriveIsNotReportedAsMissing() {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    RecordAt.Limit limit = new RecordAt.Limit(Duration.ofMillis(100), System::nanoTime);
    try (KafkaConsumer<byte[], byte[]> consumer =
        WholeTopic.consumer(kafka.client(), "letters", "read_committed")) {
      consumer.assign(List.of(partition));
      consumer.pause(List.of(partition)); // as if the broker did not answer
      assertThatThrownBy(() -> RecordAt.read(consumer, partition, 2, limit))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("the broker did not send the record letters/0/2 in 100 ms");
    }
  }
}
