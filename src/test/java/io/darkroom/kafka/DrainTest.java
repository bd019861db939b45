package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.render.JobEvent;
import io.darkroom.render.Progress;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One life of a consumer, from before it takes anything to after it has given back the rest. */
@QuarkusTest
@TestProfile(KafkaAlone.Unheard.class)
class DrainTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int RECORDS = 12;

  @Inject RequestConsumer consumer;
  @Inject KafkaProgress progress;
  @Inject Behind behind;

  @ConfigProperty(name = "darkroom.kafka.bootstrap-servers")
  String bootstrapServers;

  @Test
  void takesNothingBeforeTheStartAndNothingAfterTheDrain() {
    CountDownLatch finish = new CountDownLatch(1);
    CountDownLatch tooLate = new CountDownLatch(1);
    behind.settles(
        delivery -> {
          int number = Integer.parseInt(Behind.text(delivery));
          if (number == 5) {
            throw new OutOfMemoryError("as a test");
          }
          if (number > 1) {
            Waiting.uninterruptibly(number < 4 ? finish : tooLate);
          }
          return Behind.outcome(delivery);
        });
    try (Topics topics = new Topics(bootstrapServers)) {
      for (int i = 0; i < RECORDS; i++) {
        topics.request(0, "n", Integer.toString(i), Map.of());
      }

      Instant start = Instant.now();
      consumer.start();

      // 0 and 1 are done, 5 met an error, 2, 3 and 4 are under way: with 5, as many as may be.
      await().atMost(SOON).until(() -> behind.deliveries().size() == 6);
      await().atMost(SOON).until(() -> topics.committed(0) == 2);
      assertThat(behind.deliveries())
          .allSatisfy(delivery -> assertThat(delivery.received()).isAfterOrEqualTo(start));
      assertThat(behind.errors()).hasSize(1);

      CompletableFuture<Integer> drained =
          CompletableFuture.supplyAsync(
              () -> {
                consumer.stop();
                assertThat(consumer.await(Duration.ofSeconds(2))).isFalse();
                return consumer.giveUp();
              });
      await().atMost(SOON).until(consumer::draining);
      finish.countDown();

      assertThat(drained.join()).as("number 4 is left").isEqualTo(1);
      await().atMost(SOON).until(() -> topics.committed(0) == 4);
      assertThat(topics.all("darkroom.events")).containsOnlyKeys("0", "1", "2", "3");

      // The worker comes down, and the render under way comes to some end or other.
      tooLate.countDown();
      await().atMost(SOON).until(() -> consumer.inFlight() == 0);
      assertThat(topics.all("darkroom.events")).containsOnlyKeys("0", "1", "2", "3");
      assertThat(topics.committed(0)).isEqualTo(4);
      assertThat(behind.deliveries()).hasSize(6);
    }
  }

  @Test
  @Timeout(60)
  void progressThatNobodyTakesIsDroppedAndNotWaitedFor() {
    // The channel waits a second for each that it tries to send: all of them would take hours.
    for (int i = 0; i < 10_000; i++) {
      progress.happened(new JobEvent.Progressed(new Progress("walk", i, 10_000)));
    }
  }
}
