package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.render.JobEvent;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.Progress;
import io.darkroom.render.Settlement;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KafkaAlone.class)
class RequestConsumerTest {
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static boolean started;

  @Inject RequestConsumer consumer;
  @Inject KafkaProgress progress;
  @Inject RecordingRenderer renderer;
  @Inject IntakeGate gate;

  @ConfigProperty(name = "darkroom.kafka.bootstrap-servers")
  String bootstrapServers;

  private Topics topics;

  @BeforeEach
  void begin() {
    topics = new Topics(bootstrapServers);
    renderer.settles(RecordingRenderer::outcome);
    renderer.beforeEvents(() -> {});
    if (!started) {
      consumer.start();
      started = true;
    }
  }

  @AfterEach
  void end() {
    topics.close();
  }

  @Test
  void aRequestEndsInACloudEventAndIsAcknowledged() {
    long offset =
        topics.request(
            0, "any key", "cat", Map.of("content-type", "application/json", "traceparent", TRACE));

    ConsumerRecord<byte[], byte[]> event = only("darkroom.events", "cat");
    assertThat(Topics.headers(event))
        .containsEntry("ce_specversion", "1.0")
        .containsEntry("ce_source", "/darkroom/test")
        .containsEntry("ce_type", "io.darkroom.render.cancelled.v1")
        .containsEntry("ce_subject", "cat")
        .containsEntry("content-type", "application/json")
        .containsEntry("traceparent", TRACE)
        .containsKeys("ce_id", "ce_time")
        .doesNotContainKeys("ce_datacontenttype", "tracestate");
    assertThat(Topics.text(event.value())).contains("\"request_id\":\"cat\"");
    assertThat(renderer.deliveries())
        .filteredOn(delivery -> RecordingRenderer.text(delivery).equals("cat"))
        .singleElement()
        .satisfies(
            delivery -> {
              assertThat(delivery.source()).isEqualTo("darkroom.requests/0/" + offset);
              assertThat(delivery.headers().contentType()).isEqualTo("application/json");
              assertThat(delivery.published()).isBeforeOrEqualTo(delivery.received());
            });
    await().atMost(SOON).until(() -> topics.committed(0) > offset);
  }

  @Test
  void aRejectedRequestIsKeptUntouchedWithItsReason() {
    long offset = topics.request(1, "its key", "bad dog", Map.of("ce_id", "7", "dl-class", "old"));

    ConsumerRecord<byte[], byte[]> letter = only("darkroom.dead-letters", "its key");
    assertThat(Topics.text(letter.value())).isEqualTo("bad dog");
    assertThat(Topics.headers(letter))
        .containsEntry("ce_id", "7")
        .containsEntry("dl-class", "invalid")
        .containsEntry("dl-message", "not a request")
        .containsEntry("dl-violations", "/id: must be there")
        .containsEntry("dl-topic", "darkroom.requests")
        .containsEntry("dl-partition", "1")
        .containsEntry("dl-offset", Long.toString(offset))
        .containsEntry("dl-attempts", "1")
        .containsEntry("dl-worker", "worker-1")
        .containsKeys("dl-first-seen", "dl-last-seen");
    assertThat(letter.headers().headers("dl-class")).hasSize(1);
    assertThat(only("darkroom.events", "dog").timestamp())
        .isGreaterThanOrEqualTo(letter.timestamp());
  }

  @Test
  void requestsOfEveryTopicAreConsumed() {
    topics.publish(KafkaAlone.BATCH, 1, "second", "bad second", Map.of());

    ConsumerRecord<byte[], byte[]> letter = only("darkroom.dead-letters", "second");
    assertThat(Topics.headers(letter)).containsEntry("dl-topic", KafkaAlone.BATCH);
    assertThat(only("darkroom.events", "second").value()).isNotEmpty();
    assertThat(renderer.deliveries())
        .filteredOn(delivery -> RecordingRenderer.text(delivery).equals("bad second"))
        .singleElement()
        .satisfies(delivery -> assertThat(delivery.source()).startsWith(KafkaAlone.BATCH + "/1/"));
  }

  @Test
  void aRejectedRequestOfTheLargestSizeIsKeptWhole() {
    String large = "bad large " + "x".repeat(1_000_000);
    topics.request(1, "large", large, Map.of());

    assertThat(Topics.text(only("darkroom.dead-letters", "large").value())).isEqualTo(large);
  }

  @Test
  void aDeadLetterThatItsHeadersMakeTooLargeKeepsItsBytes() {
    String noise = noise(6000);
    String letters = "darkroom.dead-letters";
    var large = new ProducerRecord<>(letters, new byte[0], noise.getBytes(StandardCharsets.UTF_8));
    try (var narrow = topics.configured(letters, "max.message.bytes", "4000", large)) {
      assertThat(narrow).isNotNull();
      topics.request(1, "headers", "bad headers", Map.of("trace", noise));
      topics.request(1, "both", "bad both " + noise, Map.of("trace", noise));

      ConsumerRecord<byte[], byte[]> kept = only("darkroom.dead-letters", "headers");
      assertThat(Topics.text(kept.value())).isEqualTo("bad headers");
      assertThat(Topics.headers(kept))
          .containsEntry("dl-omitted-headers", "1")
          .containsEntry("dl-class", "invalid")
          .doesNotContainKeys("trace", "dl-omitted-bytes");
      ConsumerRecord<byte[], byte[]> bare = only("darkroom.dead-letters", "both");
      assertThat(bare.value()).isEmpty();
      assertThat(Topics.headers(bare)).containsEntry("dl-omitted-bytes", "6009");
    }
    only("darkroom.events", "both");
  }

  @Test
  void aRecordWithoutAKeyIsKeptInACompactedTopicUnderItsSource() {
    String letters = "darkroom.dead-letters";
    ProducerRecord<byte[], byte[]> keyless = new ProducerRecord<>(letters, new byte[0]);
    try (var compacted = topics.configured(letters, "cleanup.policy", "compact", keyless)) {
      assertThat(compacted).isNotNull();
      long offset = topics.requestWithoutKey(0, "bad keyless");

      ConsumerRecord<byte[], byte[]> kept =
          only("darkroom.dead-letters", "darkroom.requests/0/" + offset);
      assertThat(Topics.text(kept.value())).isEqualTo("bad keyless");
    }
    only("darkroom.events", "keyless");
  }

  @Test
  void aRequestThatIsRefusedRepeatedlyIsGivenUpWithItsHistory() {
    renderer.settles(
        delivery -> {
          if (RecordingRenderer.text(delivery).equals("archived")) {
            throw new ObjectStore.StoreFailure(
                "s3://darkroom/old.png: 403 InvalidObjectState", new IllegalStateException(), true);
          }
          return RecordingRenderer.outcome(delivery);
        });
    topics.request(0, "archived", "archived", Map.of());

    assertThat(Topics.headers(only("darkroom.dead-letters", "archived")))
        .containsEntry("dl-class", "storage")
        .containsEntry("dl-attempts", "2")
        .containsEntry(
            "dl-message", "s3://darkroom/old.png: 403 InvalidObjectState (given up after 2 tries)")
        .containsKeys("dl-first-seen", "dl-last-seen");
    assertThat(Topics.headers(only("darkroom.events", "archived")))
        .containsEntry("ce_type", "io.darkroom.render.failed.v1");
  }

  @Test
  void abortedRecordsAreNotRendered() {
    topics.abortedRequest(0, "aborted");
    topics.request(0, "after-aborted", "after-aborted", Map.of());

    only("darkroom.events", "after-aborted");
    assertThat(renderer.deliveries())
        .noneMatch(each -> RecordingRenderer.text(each).equals("aborted"));
  }

  @Test
  void noRequestBeginsWhileTheGateIsClosed() {
    gate.set(Optional.of("no store"));
    topics.request(0, "held", "held", Map.of());
    topics.request(1, "held-too", "held-too", Map.of());
    await().atMost(SOON).until(() -> topics.lag() >= 2);
    assertThat(renderer.deliveries())
        .noneMatch(each -> RecordingRenderer.text(each).startsWith("held"));

    gate.set(Optional.empty());
    only("darkroom.events", "held");
    only("darkroom.events", "held-too");
  }

  @Test
  void anEventThatIsTooLargeIsReplacedByAFailedOne() {
    topics.request(0, "vast", "vast", Map.of());

    assertThat(Topics.headers(only("darkroom.events", "vast")))
        .containsEntry("ce_type", "io.darkroom.render.failed.v1");
  }

  @Test
  void aRecordThatCannotBeSettledIsTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    renderer.settles(
        delivery -> {
          if (RecordingRenderer.text(delivery).equals("bad stubborn")
              && tries.incrementAndGet() < 4) {
            throw new UncheckedIOException(new java.io.IOException("the store is away"));
          }
          return RecordingRenderer.outcome(delivery);
        });
    topics.request(0, "stubborn", "bad stubborn", Map.of());

    assertThat(Topics.headers(only("darkroom.dead-letters", "stubborn")))
        .containsEntry("dl-attempts", "4");
    only("darkroom.events", "stubborn");
  }

  @Test
  void aRecordIsAcknowledgedAfterItsEventIsStored() throws Exception {
    ThreadLocal<Boolean> slowSettled = new ThreadLocal<>();
    CountDownLatch announcing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    renderer.settles(
        delivery -> {
          slowSettled.set(RecordingRenderer.text(delivery).equals("slow"));
          return RecordingRenderer.outcome(delivery);
        });
    renderer.beforeEvents(
        () -> {
          if (Boolean.TRUE.equals(slowSettled.get())) {
            slowSettled.remove();
            announcing.countDown();
            Waiting.forLatch(goOn);
          }
        });
    long slow = topics.request(0, "slow", "slow", Map.of());
    announcing.await();
    topics.request(0, "after", "after", Map.of());
    topics.request(1, "aside", "aside", Map.of());
    only("darkroom.events", "after");

    // The same commits include the other partition but not this one.
    long aside = only("darkroom.events", "aside").timestamp();
    assertThat(aside).isPositive();
    await().atMost(SOON).until(() -> topics.committed(1) > 0);
    assertThat(topics.committed(0)).isLessThanOrEqualTo(slow);

    goOn.countDown();
    only("darkroom.events", "slow");
    await().atMost(SOON).until(() -> topics.committed(0) == slow + 2);
  }

  @Test
  void theNumberOfRecordsInFlightIsLimited() {
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    renderer.settles(
        delivery -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Waiting.forLatch(goOn);
          Settlement settlement = RecordingRenderer.outcome(delivery);
          now.decrementAndGet();
          return settlement;
        });
    List<String> ids = IntStream.range(0, 40).mapToObj(i -> "crowd-" + i).toList();
    ids.forEach(id -> topics.request(id.hashCode() & 1, id, id, Map.of()));

    await().atMost(SOON).until(() -> consumer.inFlight() == KafkaAlone.IN_FLIGHT);
    goOn.countDown();
    await().atMost(SOON).until(() -> topics.all("darkroom.events").keySet().containsAll(ids));
    assertThat(most).hasValue(KafkaAlone.IN_FLIGHT);
  }

  @Test
  void progressIsPublishedInOrder() {
    progress.happened(new JobEvent.Started(new Progress("walk", 0, 20)));
    Map<String, String> trace = Map.of("traceparent", "00-4bf92f35-00f067aa-01");
    progress.happened(
        new JobEvent.Progressed(
            new Progress("walk", 1, 20, Optional.empty(), Optional.empty(), trace)));

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(topics.all("darkroom.progress").getOrDefault("walk", List.of()))
                    .extracting(record -> Topics.headers(record).get("ce_type"))
                    .containsExactly(
                        "io.darkroom.render.started.v1", "io.darkroom.render.progressed.v1"));
    ConsumerRecord<byte[], byte[]> last = topics.all("darkroom.progress").get("walk").get(1);
    assertThat(Topics.headers(last)).containsEntry("traceparent", "00-4bf92f35-00f067aa-01");
  }

  private static String noise(int length) {
    return new Random(1)
        .ints(length, '!', '~')
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private ConsumerRecord<byte[], byte[]> only(String topic, String key) {
    await().atMost(SOON).until(() -> topics.all(topic).containsKey(key));
    List<ConsumerRecord<byte[], byte[]>> records = topics.all(topic).get(key);
    assertThat(records).hasSize(1);
    return records.get(0);
  }
}
