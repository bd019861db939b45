package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalKafka;
import io.darkroom.render.Delivery;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.Settlement;
import io.darkroom.render.TryLater;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers of one share group on a real broker, with one partition of requests. */
class ShareGroupTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LOCK = Duration.ofSeconds(3);

  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static int number;

  private final List<ShareWorker> workers = new ArrayList<>();
  private final String group = "darkroom-" + number++;
  private Topics topics;

  @BeforeAll
  static void startBroker() throws Exception {
    String lock = Long.toString(LOCK.toMillis());
    kafka =
        new LocalKafka(
            folder,
            0,
            Map.of(
                "group.share.min.record.lock.duration.ms", lock,
                "group.share.record.lock.duration.ms", lock));
    kafka.createTopics(List.of("darkroom.attempts"), 1);
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @BeforeEach
  void createTopics() throws InterruptedException {
    kafka.createTopics(
        List.of(requests(), retries(), "darkroom.events", "darkroom.dead-letters"), 1);
    topics = new Topics(kafka.client());
  }

  @AfterEach
  void end() {
    workers.forEach(ShareWorker::close);
    topics.close();
  }

  @Test
  void moreWorkersThanPartitionsAllWork() throws Exception {
    int count = 4;
    Set<String> busy = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      String name = "worker-" + i;
      start(
          name,
          delivery -> {
            if (busy.add(name)) {
              all.countDown();
            }
            Waiting.forLatch(all);
            return RecordingRenderer.outcome(delivery);
          });
    }
    List<String> ids = IntStream.range(0, 3 * count).mapToObj(i -> group + "-" + i).toList();
    ids.forEach(this::publish);

    await().atMost(SOON).until(() -> topics.all("darkroom.events").keySet().containsAll(ids));
    assertThat(all.getCount()).isZero();
    assertThat(ids).allSatisfy(id -> assertThat(topics.all("darkroom.events").get(id)).hasSize(1));
  }

  @Test
  void aRecordIsKeptForLongerThanItsLockAndSettledOnce() throws Exception {
    CountDownLatch finish = new CountDownLatch(1);
    Function<Delivery, Settlement> slow =
        delivery -> {
          Waiting.forLatch(finish);
          return RecordingRenderer.outcome(delivery);
        };
    ShareWorker first = start("first", slow);
    ShareWorker second = start("second", slow);
    publish("slow-" + group);
    await().atMost(SOON).until(() -> !deliveries(first, second).isEmpty());

    Duration beyond = LOCK.multipliedBy(3);
    long taken = System.nanoTime();
    await().atMost(SOON).until(() -> System.nanoTime() - taken > beyond.toNanos());
    finish.countDown();

    assertThat(event("slow-" + group)).isNotNull();
    assertThat(deliveries(first, second)).hasSize(1);
  }

  @Test
  void aRequestThatAStoppingWorkerReturnsDoesNotCount() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    // The broker delivers a record at most five times.
    for (int i = 0; i < 6; i++) {
      ShareWorker stopping = start("stopping-" + i, delivery -> wait(never, delivery));
      if (i == 0) {
        publish("given-back-" + group);
      }
      await().atMost(SOON).until(() -> stopping.deliveries().size() == 1);
      stopping.stop();
    }

    ShareWorker last = start("last", RecordingRenderer::outcome);
    assertThat(Topics.headers(event("given-back-" + group)))
        .containsEntry("ce_type", "io.darkroom.render.cancelled.v1");
    assertThat(last.deliveries())
        .singleElement()
        .extracting(Delivery::attempts)
        .as("it was published to the topic of retries once")
        .isEqualTo(2);
  }

  @Test
  void aRequestThatEndsItsWorkersFailsBeforeTheBrokerDropsIt() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    String id = "poison-" + group;
    for (int i = 1; i <= 3; i++) {
      ShareWorker dying = start("dying-" + i, delivery -> wait(never, delivery));
      if (i == 1) {
        publish(id);
      }
      await().atMost(SOON).until(() -> dying.deliveries().size() == 1);
      assertThat(dying.deliveries().get(0).attempts()).isEqualTo(i);
      dying.die();
    }

    ShareWorker last = start("last", RecordingRenderer::outcome);
    assertThat(Topics.headers(event(id))).containsEntry("ce_type", "io.darkroom.render.failed.v1");
    assertThat(Topics.headers(topics.all("darkroom.dead-letters").get(id).get(0)))
        .containsEntry("dl-class", "internal")
        .containsEntry("dl-message", "the worker ended while it had this request, 3 times");
    assertThat(last.deliveries()).isEmpty();
  }

  @Test
  void aRequestThatFailsIsPostponedAndEndsWithItsHistory() throws Exception {
    start(
        "worker",
        delivery ->
            RecordingRenderer.text(delivery).startsWith("ill")
                ? fail()
                : RecordingRenderer.outcome(delivery));
    List<String> ill =
        IntStream.range(0, ShareWorker.IN_FLIGHT).mapToObj(i -> "ill-" + i + group).toList();
    ill.forEach(this::publish);
    publish("well-" + group);

    assertThat(event("well-" + group)).isNotNull();
    for (String id : ill) {
      assertThat(Topics.headers(event(id)))
          .containsEntry("ce_type", "io.darkroom.render.failed.v1");
      assertThat(Topics.headers(topics.all("darkroom.dead-letters").get(id).get(0)))
          .containsEntry("dl-class", "storage")
          .containsEntry("dl-message", "s3://b/k: 500 (given up after 10 tries)")
          .containsEntry("dl-attempts", "10")
          .containsEntry("retry-rounds", "7")
          .containsEntry("retry-reason", "s3://b/k: 500 (postponed after 9 tries)")
          .containsKeys("retry-source", "retry-first-seen")
          .doesNotContainKey("retry-due");
    }
  }

  @Test
  void aPostponedRequestIsTriedLaterWithoutAFailure() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    ShareWorker worker =
        start(
            "worker",
            delivery -> {
              if (tries.incrementAndGet() < 15) {
                throw new TryLater("too many");
              }
              return RecordingRenderer.outcome(delivery);
            });
    publish("later-" + group);

    assertThat(Topics.headers(event("later-" + group)))
        .containsEntry("ce_type", "io.darkroom.render.cancelled.v1");
    assertThat(worker.deliveries()).as("each on its own delivery").hasSize(15);
  }

  @Test
  void aRequestThatRecoversIsSettledByALaterRound() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    ShareWorker worker =
        start(
            "worker",
            delivery -> tries.incrementAndGet() < 6 ? fail() : RecordingRenderer.outcome(delivery));
    publish("recovers-" + group);

    assertThat(Topics.headers(event("recovers-" + group)))
        .containsEntry("ce_type", "io.darkroom.render.cancelled.v1");
    assertThat(worker.deliveries())
        .extracting(Delivery::attempts)
        .containsExactly(1, 1, 1, 2, 3, 4);
  }

  @Test
  void theGroupListsEachWorkerOnce() throws Exception {
    start("worker-7", RecordingRenderer::outcome);
    start("worker-share-8", RecordingRenderer::outcome);

    try (GroupMembers members = new GroupMembers(kafka.client(), group, Consumption.SHARE_GROUP)) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(members.read())
                      .extracting(GroupMembers.Member::worker, GroupMembers.Member::partitions)
                      .containsExactly(tuple("worker-7", 1), tuple("worker-share-8", 1)));
    }
  }

  private static Settlement fail() {
    throw new ObjectStore.StoreFailure("s3://b/k: 500", new IllegalStateException());
  }

  private ShareWorker start(String name, Function<Delivery, Settlement> settling) throws Exception {
    TopicNames names =
        new TopicNames(
            List.of(requests()),
            "darkroom.control",
            "darkroom.events",
            "darkroom.progress",
            "darkroom.dead-letters",
            "darkroom.attempts",
            retries());
    ShareWorker worker =
        new ShareWorker(kafka.client(), ShareWorker.settings(name, group, names), settling);
    workers.add(worker);
    return worker;
  }

  private static Settlement wait(CountDownLatch latch, Delivery delivery) {
    Waiting.forLatch(latch);
    return RecordingRenderer.outcome(delivery);
  }

  private static List<Delivery> deliveries(ShareWorker first, ShareWorker second) {
    List<Delivery> all = new ArrayList<>(first.deliveries());
    all.addAll(second.deliveries());
    return all;
  }

  private ConsumerRecord<byte[], byte[]> event(String id) {
    await().atMost(SOON).until(() -> topics.all("darkroom.events").containsKey(id));
    return topics.all("darkroom.events").get(id).get(0);
  }

  private String retries() {
    return "retries-of-" + group;
  }

  private String requests() {
    return "requests-of-" + group;
  }

  private void publish(String id) {
    topics.request(requests(), id);
  }
}
