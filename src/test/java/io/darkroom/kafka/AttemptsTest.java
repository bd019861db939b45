package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalKafka;
import io.darkroom.render.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims of several workers on a real broker. */
class AttemptsTest {
  private static final TopicPartition PARTITION = new TopicPartition("darkroom.requests", 0);

  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static long offset;

  private final List<Attempts> workers = new ArrayList<>();
  private final ConsumerRecord<byte[], byte[]> record =
      new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset++, null, null);

  @BeforeAll
  static void startBroker() throws Exception {
    kafka = new LocalKafka(folder, 0);
    kafka.createTopics(List.of("darkroom.attempts"), 1);
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @AfterEach
  void end() {
    workers.forEach(Attempts::close);
  }

  @Test
  void anAttemptOutlivesItsWorker() throws Exception {
    Attempts first = worker("first");
    assertThat(first.before(record)).isZero();
    first.begin(record, 1);

    Attempts second = worker("second");
    assertThat(second.before(record)).isEqualTo(1);
    second.begin(record, 2);
    assertThat(worker("third").before(record)).isEqualTo(2);
  }

  @Test
  void anOutcomeEndsTheCount() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    first.end(record);
    first.flush();

    assertThat(worker("second").before(record)).isZero();
  }

  @Test
  void aRecordThatIsGivenBackDoesNotCount() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    Attempts second = worker("second");
    assertThat(second.before(record)).isEqualTo(1);
    second.begin(record, 2);
    second.release(record);
    second.flush();

    assertThat(worker("third").before(record)).isEqualTo(1);
  }

  @Test
  void aWorkerThatDiesOfAFaultGivesNothingBack() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    first.keepAll();
    first.release(record);
    first.flush();

    assertThat(worker("second").before(record)).isEqualTo(1);
  }

  @Test
  void aClaimThatAnotherWorkerHasByNowIsNotGivenBack() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    worker("second").begin(record, 2);
    await().atMost(Duration.ofMinutes(1)).until(() -> first.before(record) == 2);
    first.release(record);
    first.flush();

    assertThat(worker("third").before(record)).isEqualTo(2);
  }

  @Test
  void withoutTheTopicEveryRecordIsNew() throws Exception {
    Attempts lonely = worker("lonely", "darkroom.none");
    lonely.begin(record, 1);

    assertThat(worker("other", "darkroom.none").before(record)).isZero();
  }

  @Test
  void theNextWorkerWaitsForOneThatLeavesAndOnlyAcknowledgesWhatEnded() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    first.leave(PARTITION, record.offset(), Duration.ofMinutes(2)).get();
    Attempts second = worker("second");
    assertThat(second.before(record)).isEqualTo(1);
    CompletableFuture<Boolean> settled =
        CompletableFuture.supplyAsync(() -> settledByLeaver(second));
    first.end(record);

    assertThat(settled.join()).isTrue();
    second.flush();
    Attempts third = worker("third");
    assertThat(third.before(record)).as("the mark is gone").isZero();
    assertThat(third.settledByLeaver(record)).isFalse();
  }

  @Test
  void whatAWorkerThatLeavesGivesBackIsANewAttempt() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    first.leave(PARTITION, record.offset(), Duration.ofMinutes(2)).get();
    Attempts second = worker("second");
    second.before(record);
    first.release(record);

    assertThat(second.settledByLeaver(record)).isFalse();
    assertThat(second.before(record)).isZero();
  }

  @Test
  void aWorkerThatDiesWhileItLeavesIsNotWaitedForLonger() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    first.leave(PARTITION, record.offset(), Duration.ofMillis(5)).get();
    Attempts second = worker("second");
    second.before(record);

    assertThat(second.settledByLeaver(record)).isFalse();
    assertThat(second.before(record)).as("it may have died of it").isEqualTo(1);
  }

  @Test
  void aWorkerThatLeavesBeginsNothing() throws Exception {
    Attempts first = worker("first");
    first.leave(PARTITION, record.offset(), Duration.ofMinutes(2)).get();

    assertThat(first.begin(record, 1)).isFalse();
    assertThat(worker("second").before(record)).isZero();
  }

  @Test
  void whatWasEndedIsNotGivenBackAfterwards() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    first.leave(PARTITION, record.offset(), Duration.ofMinutes(2)).get();
    first.end(record);
    first.before(record);
    first.release(record);
    first.flush();

    Attempts second = worker("second");
    second.before(record);
    assertThat(second.settledByLeaver(record)).isTrue();
  }

  @Test
  void whatTheNextWorkerIsGivenAgainIsMarked() throws Exception {
    Attempts first = worker("first");
    first.done(PARTITION, record.offset());
    first.flush();

    Attempts second = worker("second");
    second.before(record);
    assertThat(second.settledByLeaver(record)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 pod-7", "3 17@host leaving 24000", "0 17@host done"})
  void aClaimIsReadAsItWasWritten(String text) {
    Attempt attempt = Attempt.parse(Outgoing.utf8(text)).orElseThrow();

    assertThat(attempt.bytes()).asString().isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "-1 w", "x w", "1 w gone", "1 w leaving", "1 w leaving x"})
  void whatIsNoClaimIsNone(String text) {
    assertThat(Attempt.parse(Outgoing.utf8(text))).isEmpty();
  }

  private boolean settledByLeaver(Attempts worker) {
    try {
      return worker.settledByLeaver(record);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Attempts worker(String name) {
    return worker(name, "darkroom.attempts");
  }

  private Attempts worker(String name, String topic) {
    RetryPolicy retries =
        new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), RetryPolicy.UNLIMITED);
    TopicNames topics =
        new TopicNames(
            "darkroom.requests", "control", "events", "progress", "dead", topic, "retries");
    KafkaSettings settings =
        new KafkaSettings(
            1, retries, Duration.ZERO, name, topics, 3, Consumption.CONSUMER_GROUP, "darkroom");
    Attempts attempts = new Attempts(kafka.client(), settings);
    workers.add(attempts);
    attempts.start();
    attempts.assigned(List.of(PARTITION));
    return attempts;
  }
}
