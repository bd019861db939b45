package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalKafka;
import io.darkroom.Ports;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Uses a real broker; a record contains its model and its cost: {@code a 2.5}. */
class TopicBacklogTest {
  private static final String GROUP = "workers";
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Instant EARLIER = Instant.ofEpochMilli(1_700_000_000_000L);

  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static Admin admin;
  private static KafkaProducer<byte[], byte[]> publisher;

  private final List<String> read = new ArrayList<>();
  private OptionalDouble later = OptionalDouble.empty();

  @BeforeAll
  static void startBroker() throws Exception {
    kafka = new LocalKafka(folder, Ports.ANY);
    admin = Admin.create(kafka.client());
    publisher =
        new KafkaProducer<>(kafka.client(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterAll
  static void stopBroker() {
    publisher.close();
    admin.close();
    kafka.close();
  }

  @Test
  void everyUnacknowledgedRequestCountsByItsModelAndIsReadOnce(TestInfo test) throws Exception {
    String topic = topic(test);
    publish(topic, 0, "a 2.5", 10);
    publish(topic, 1, "b 1", 5);
    publish(topic, 1, "a 4", 20);
    try (TopicBacklog backlog = backlog(topic, 100)) {
      Backlog all = backlog.read();
      assertThat(all.models()).containsOnlyKeys("a", "b");
      assertThat(all.models().get("a")).isEqualTo(of(2, 6.5, 10));
      assertThat(all.models().get("b")).isEqualTo(of(1, 1, 5));
      assertThat(all.lag()).isEqualTo(lag(topic, 1, 2));

      acknowledge(topic, 1, 1);
      publish(topic, 0, "b 8", 30);
      Backlog later = backlog.read();
      assertThat(later.models().get("a")).isEqualTo(of(2, 6.5, 10));
      assertThat(later.models().get("b")).isEqualTo(of(1, 8, 30));
      assertThat(read).containsExactlyInAnyOrder("a 2.5", "b 1", "a 4", "b 8");

      acknowledge(topic, 0, 2);
      acknowledge(topic, 1, 2);
      Backlog none = backlog.read();
      assertThat(none.models()).isEmpty();
      assertThat(none.lag()).isEqualTo(lag(topic, 0, 0));
    }
  }

  @Test
  void recordsBeyondTheLookAheadAreAssumedToBeSimilar(TestInfo test) throws Exception {
    String topic = topic(test);
    for (int i = 0; i < 40; i++) {
      publish(topic, 0, i % 4 == 0 ? "b 3" : "a 1", i);
    }
    try (TopicBacklog backlog = backlog(topic, 8)) {
      Backlog first = backlog.read();
      assertThat(first.models().get("a").requests()).isCloseTo(30, within(1e-9));
      assertThat(first.models().get("b").deviceSeconds()).isCloseTo(30, within(1e-9));
      assertThat(read).hasSize(8);

      acknowledge(topic, 0, 36);
      Backlog last = backlog.read();
      assertThat(last.models().get("a").requests()).isCloseTo(3, within(1e-9));
      assertThat(last.models().get("b")).isEqualTo(of(1, 3, 36));
      assertThat(read).hasSize(12);
    }
  }

  @Test
  void unknownCostsAreCountedAndAssumedToBeTheMean(TestInfo test) throws Exception {
    String topic = topic(test);
    publish(topic, 0, "a 2", 0);
    publish(topic, 0, "a 4", 0);
    publish(topic, 0, "c ?", 0);
    try (TopicBacklog backlog = backlog(topic, 100)) {
      Backlog found = backlog.read();
      assertThat(found.uncosted()).isEqualTo(1);
      assertThat(found.models().get("c").deviceSeconds()).isEqualTo(3);
    }
  }

  @Test
  void aGroupThatIsSetBackHasItsBacklogAgain(TestInfo test) throws Exception {
    String topic = topic(test);
    publish(topic, 0, "a 1", 0);
    publish(topic, 0, "a 2", 0);
    acknowledge(topic, 0, 2);
    try (TopicBacklog backlog = backlog(topic, 100)) {
      assertThat(backlog.read().models()).isEmpty();

      acknowledge(topic, 0, 0);
      assertThat(backlog.read().models().get("a")).isEqualTo(of(2, 3, 0));
    }
  }

  @Test
  void aShareGroupAcknowledgesInAnyOrder(TestInfo test) throws Exception {
    String topic = topic(test);
    try (TopicBacklog backlog = backlog(topic, 100, Consumption.SHARE_GROUP, false)) {
      for (int i = 0; i < 6; i++) {
        publish(topic, 0, "a 2", i);
      }
      assertThat(backlog.read().lag()).as("before the first worker").isEqualTo(lag(topic, 6, 0));

      share(topic, List.of(0L, 3L));
      await().atMost(TIMEOUT).until(() -> backlog.read().lag().equals(lag(topic, 4, 0)));
      assertThat(backlog.read().models().get("a").requests()).isCloseTo(4, within(1e-9));
      assertThat(backlog.read().models().get("a").deviceSeconds()).isCloseTo(8, within(1e-9));

      share(topic, List.of(1L, 2L, 4L, 5L));
      await().atMost(TIMEOUT).until(() -> backlog.read().lag().equals(lag(topic, 0, 0)));
      assertThat(backlog.read().models()).isEmpty();
    }
  }

  @Test
  void aRetryIsAsOldAsItsFirstAttempt(TestInfo test) throws Exception {
    String topic = topic(test);
    byte[] body = "a 1".getBytes(StandardCharsets.UTF_8);
    long time = EARLIER.plusSeconds(100).toEpochMilli();
    ProducerRecord<byte[], byte[]> retry = new ProducerRecord<>(topic, 0, time, body, body);
    retry
        .headers()
        .add(RetryHistory.FIRST_SEEN, EARLIER.toString().getBytes(StandardCharsets.UTF_8));
    publisher.send(retry).get();
    try (TopicBacklog backlog = backlog(topic, 100, Consumption.CONSUMER_GROUP, true)) {
      assertThat(backlog.read().models().get("a")).isEqualTo(of(1, 1, 0));
    }
  }

  @Test
  void aCostMayBecomeKnownLater(TestInfo test) throws Exception {
    String topic = topic(test);
    publish(topic, 0, "c ?", 0);
    try (TopicBacklog backlog = backlog(topic, 100)) {
      assertThat(backlog.read().uncosted()).isEqualTo(1);

      later = OptionalDouble.of(7);
      assertThat(backlog.read().uncosted()).isZero();
      assertThat(backlog.read().models().get("c")).isEqualTo(of(1, 7, 0));
      assertThat(read).hasSize(1);
    }
  }

  @Test
  void nothingWaitsInATopicThatMayBeMissing() throws Exception {
    try (TopicBacklog backlog = backlog("no-retries", 100, Consumption.CONSUMER_GROUP, true)) {
      assertThat(backlog.read()).isEqualTo(Backlog.EMPTY);
    }
  }

  @Test
  void theHistoryHasAcknowledgedRequestsAndNoRepeatedOnes(TestInfo test) throws Exception {
    String topic = topic(test);
    publish(topic, 0, "a 1", 0);
    publish(topic, 1, "b 2", 5);
    acknowledge(topic, 0, 1);
    byte[] body = "a 9".getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> repeated = new ProducerRecord<>(topic, 0, null, body, body);
    repeated.headers().add(RetryHistory.SOURCE, "t/0/0".getBytes(StandardCharsets.UTF_8));
    publisher.send(repeated).get();
    Map<Instant, String> requests = new HashMap<>();

    RequestHistory.read(
        kafka.client(),
        List.of(topic),
        (text, headers) -> new RequestCost(text.length + "", OptionalDouble.of(text[0])),
        Clock.fixed(EARLIER.plusSeconds(3600), ZoneOffset.UTC),
        (time, cost) -> requests.put(time, (char) cost.deviceSeconds().orElseThrow() + ""));

    assertThat(requests).isEqualTo(Map.of(EARLIER, "a", EARLIER.plusSeconds(5), "b"));
    assertThatThrownBy(
            () ->
                RequestHistory.read(
                    kafka.client(),
                    List.of("nowhere"),
                    (text, headers) -> new RequestCost("", OptionalDouble.empty()),
                    Clock.systemUTC(),
                    (time, cost) -> {}))
        .hasMessage("nowhere: does not exist");
  }

  @Test
  void aTopicThatIsMissingIsNamed() {
    try (TopicBacklog backlog = backlog("nowhere", 100)) {
      assertThatThrownBy(backlog::read)
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("nowhere: does not exist");
    }
  }

  private TopicBacklog backlog(String topic, int lookAhead) {
    return backlog(topic, lookAhead, Consumption.CONSUMER_GROUP, false);
  }

  private TopicBacklog backlog(
      String topic, int lookAhead, Consumption consumption, boolean optional) {
    RequestCost.Source costs =
        (body, headers) -> {
          String text = new String(body, StandardCharsets.UTF_8);
          read.add(text);
          String[] words = text.split(" ", -1);
          return new RequestCost(
              words[0],
              words[1].equals("?")
                  ? () -> later
                  : () -> OptionalDouble.of(Double.parseDouble(words[1])));
        };
    Clock clock = Clock.fixed(EARLIER.plusSeconds(3600), ZoneOffset.UTC);
    TopicBacklog.Waiting waiting =
        new TopicBacklog.Waiting(List.of(topic), GROUP + topic, consumption, optional);
    return new TopicBacklog(kafka.client(), "exporter", waiting, lookAhead, costs, clock);
  }

  private static Map<TopicPartition, Long> lag(String topic, long first, long second) {
    return Map.of(new TopicPartition(topic, 0), first, new TopicPartition(topic, 1), second);
  }

  private static Backlog.OfModel of(int requests, double seconds, int oldest) {
    return new Backlog.OfModel(requests, seconds, EARLIER.plusSeconds(oldest));
  }

  private static String topic(TestInfo test) throws InterruptedException {
    String topic = test.getTestMethod().orElseThrow().getName();
    kafka.createTopics(List.of(topic), 2);
    return topic;
  }

  private static void publish(String topic, int partition, String text, int second)
      throws Exception {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    long time = EARLIER.plusSeconds(second).toEpochMilli();
    publisher.send(new ProducerRecord<>(topic, partition, time, body, body)).get();
  }

  /** Acknowledges some records in a share group, and returns the others. */
  private static void share(String topic, List<Long> offsets) throws Exception {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, GROUP + topic);
    AlterConfigOp earliest =
        new AlterConfigOp(
            new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(group, List.of(earliest))).all().get();
    Map<String, Object> config = new HashMap<>(kafka.client());
    config.put("group.id", GROUP + topic);
    config.put("share.acknowledgement.mode", "explicit");
    Set<Long> left = new HashSet<>(offsets);
    try (var consumer =
        new KafkaShareConsumer<>(
            config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (!left.isEmpty()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          consumer.acknowledge(
              record,
              left.remove(record.offset()) ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
        }
        consumer.commitSync();
      }
    }
  }

  private static void acknowledge(String topic, int partition, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(
            GROUP + topic,
            Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
        .all()
        .get();
  }
}
