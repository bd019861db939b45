package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.render.JobEvent;
import io.darkroom.render.Lease;
import io.darkroom.render.Progress;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests a consumer from before it consumes records until it has returned the unfinished ones. */
@QuarkusTest
@TestProfile(KafkaAlone.Unheard.class)
class DrainTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int RECORDS = 12;

  @Inject RequestConsumer consumer;
  @Inject KafkaProgress progress;
  @Inject RecordingRenderer renderer;
  @Inject KafkaSettings settings;

  @ConfigProperty(name = "darkroom.kafka.bootstrap-servers")
  String bootstrapServers;

  @Test
  void recordsAreConsumedOnlyBetweenStartAndDrain() throws InterruptedException {
    CountDownLatch finish = new CountDownLatch(1);
    CountDownLatch tooLate = new CountDownLatch(1);
    renderer.settles(
        delivery -> {
          int number = Integer.parseInt(RecordingRenderer.text(delivery));
          if (number == 5) {
            throw new OutOfMemoryError("as a test");
          }
          if (number > 1) {
            Waiting.uninterruptibly(number < 4 ? finish : tooLate);
          }
          return RecordingRenderer.outcome(delivery);
        });
    try (Topics topics = new Topics(bootstrapServers)) {
      for (int i = 0; i < RECORDS; i++) {
        topics.request(0, "n", Integer.toString(i), Map.of());
      }

      Instant start = Instant.now();
      consumer.start();

      // 0 and 1 are done, 5 had an error, 2, 3 and 4 are running: with 5, that is the maximum in
      // flight.
      await().atMost(SOON).until(() -> renderer.deliveries().size() == 6);
      await().atMost(SOON).until(() -> topics.committed(0) == 2);
      assertThat(renderer.deliveries())
          .allSatisfy(delivery -> assertThat(delivery.received()).isAfterOrEqualTo(start));
      assertThat(renderer.errors()).hasSize(1);

      consumer.stop(SOON);

      assertThat(taken(RECORDS)).as("what has not begun is another's at once").contains("6", "11");
      assertThat(consumer.draining()).isTrue();
      assertThat(topics.all("darkroom.events")).containsOnlyKeys("0", "1");
      finish.countDown();

      await().atMost(SOON).until(() -> topics.all("darkroom.events").keySet().size() == 4);
      assertThat(consumer.await(Duration.ofSeconds(2))).isFalse();
      assertThat(consumer.loseAll()).as("number 4 is left").isEqualTo(1);
      assertThat(topics.all("darkroom.events")).containsOnlyKeys("0", "1", "2", "3");
      assertThat(topics.committed(0)).isEqualTo(2);
      theNextWorkerBeginsOnlyUnfinishedRecords();

      // The worker stops, and the running render ends in some way.
      tooLate.countDown();
      await().atMost(SOON).until(() -> consumer.inFlight() == 0);
      assertThat(topics.all("darkroom.events")).containsOnlyKeys("0", "1", "2", "3");
      assertThat(renderer.deliveries()).hasSize(6);
    }
  }

  /** Returns the records that another member of the group receives. */
  private Set<String> taken(int records) {
    Set<String> taken = new HashSet<>();
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "group.id",
            Topics.GROUP,
            "enable.auto.commit",
            "false",
            "partition.assignment.strategy",
            CooperativeStickyAssignor.class.getName());
    try (var other =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      other.subscribe(List.of("darkroom.requests"));
      await()
          .atMost(SOON)
          .until(
              () -> {
                other
                    .poll(Duration.ofMillis(100))
                    .forEach(record -> taken.add(Topics.text(record.value())));
                return taken.size() == records - 2;
              });
    }
    return taken;
  }

  /** Of the records from the committed offset on. */
  private void theNextWorkerBeginsOnlyUnfinishedRecords() throws InterruptedException {
    Attempts next =
        new Attempts(Map.of("bootstrap.servers", bootstrapServers), settings, System::nanoTime);
    next.start();
    TopicPartition partition = new TopicPartition("darkroom.requests", 0);
    next.assigned(List.of(partition));
    List<Boolean> settled = new ArrayList<>();
    for (int offset = 2; offset < 5; offset++) {
      ConsumerRecord<byte[], byte[]> record =
          new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null);
      next.earlierAttempts(record);
      settled.add(next.awaitSettled(record, Lease.PERMANENT));
      assertThat(next.earlierAttempts(record)).as("no attempt failed").isZero();
    }
    assertThat(settled).containsExactly(true, true, false);
    next.close();
  }

  @Test
  @Timeout(60)
  void progressThatTheBrokerDoesNotAcceptIsDroppedWithoutWaiting() {
    // The channel waits a second for each that it tries to send: all of them would take hours.
    for (int i = 0; i < 10_000; i++) {
      progress.happened(new JobEvent.Progressed(new Progress("walk", i, 10_000)));
    }
  }
}
