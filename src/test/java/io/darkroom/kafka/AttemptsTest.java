package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalKafka;
import io.darkroom.render.Lease;
import io.darkroom.render.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
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
  private static final Duration SOON = Duration.ofMinutes(1);
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
    assertThat(first.earlierAttempts(record)).isZero();
    first.begin(record, 1);

    Attempts second = worker("second");
    assertThat(second.earlierAttempts(record)).isEqualTo(1);
    second.begin(record, 2);
    assertThat(worker("third").earlierAttempts(record)).isEqualTo(2);
  }

  @Test
  void anOutcomeEndsTheCount() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    first.end(record);
    first.flush();

    assertThat(worker("second").earlierAttempts(record)).isZero();
  }

  @Test
  void aSettledRecordThatIsDeliveredAgainIsOnlyAcknowledged() throws Exception {
    Attempts worker = worker("first");
    worker.begin(record, 1);
    assertThat(worker.settledHere(record)).isFalse();
    worker.end(record);

    assertThat(worker.settledHere(record)).isTrue();
    ConsumerRecord<byte[], byte[]> ofANewTopic =
        new ConsumerRecord<>(
            record.topic(), record.partition(), record.offset(), null, new byte[] {1});
    assertThat(worker.settledHere(ofANewTopic)).isFalse();
  }

  @Test
  void aReturnedRecordDoesNotCount() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    Attempts second = worker("second");
    assertThat(second.earlierAttempts(record)).isEqualTo(1);
    second.begin(record, 2);
    second.release(record);
    second.flush();

    assertThat(worker("third").earlierAttempts(record)).isEqualTo(1);
  }

  @Test
  void aWorkerThatDiesOfAFaultReturnsNoRecord() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    first.keepClaims();
    first.release(record);
    first.flush();

    assertThat(worker("second").earlierAttempts(record)).isEqualTo(1);
  }

  @Test
  void aClaimThatAnotherWorkerHasTakenIsNotWithdrawn() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    worker("second").begin(record, 2);
    await().atMost(Duration.ofMinutes(1)).until(() -> first.earlierAttempts(record) == 2);
    first.release(record);
    first.flush();

    assertThat(worker("third").earlierAttempts(record)).isEqualTo(2);
  }

  @Test
  void withoutTheTopicEveryRecordIsNew() throws Exception {
    Attempts lonely = worker("lonely", "darkroom.none");
    lonely.begin(record, 1);

    assertThat(worker("other", "darkroom.none").earlierAttempts(record)).isZero();
  }

  @Test
  void theNextWorkerWaitsForALeavingOneAndAcknowledgesEndedRecords() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    handOver(first, Duration.ofMinutes(2));
    Attempts second = worker("second");
    assertThat(second.earlierAttempts(record)).isEqualTo(1);
    CompletableFuture<Boolean> settled = CompletableFuture.supplyAsync(() -> awaitSettled(second));
    first.end(record);

    assertThat(settled.join()).isTrue();
    second.deleteMark(record);
    second.flush();
    Attempts third = worker("third");
    assertThat(third.earlierAttempts(record)).as("the mark is gone").isZero();
    assertThat(awaitSettled(third)).isFalse();
  }

  @Test
  void aWorkerDoesNotWaitForARecordThatMovedAway() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    handOver(first, Duration.ofMinutes(2));
    Attempts second = worker("second");
    second.earlierAttempts(record);
    Claim queued = Claim.held(System::nanoTime);
    CompletableFuture<Boolean> settled =
        CompletableFuture.supplyAsync(() -> awaitSettled(second, queued));

    assertThat(queued.loseQueued()).isTrue();
    assertThat(settled.get(1, TimeUnit.MINUTES)).isFalse();
  }

  @Test
  void aRecordReturnedByALeavingWorkerIsANewAttempt() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    handOver(first, Duration.ofMinutes(2));
    Attempts second = worker("second");
    second.earlierAttempts(record);
    first.release(record);

    assertThat(awaitSettled(second)).isFalse();
    assertThat(second.earlierAttempts(record)).isZero();
  }

  @Test
  void aWorkerThatDiesWhileItLeavesIsNotWaitedForLonger() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    handOver(first, Duration.ofMillis(5));
    Attempts second = worker("second");
    second.earlierAttempts(record);

    assertThat(awaitSettled(second)).isFalse();
    assertThat(second.earlierAttempts(record)).as("it may have died of it").isEqualTo(1);
  }

  @Test
  void recordsThatHaveNotBegunAreNotHandedOver() throws Exception {
    Attempts first = worker("first");
    assertThat(first.handOver(PARTITION, record.offset(), Duration.ofMinutes(2))).isEmpty();

    assertThat(worker("second").earlierAttempts(record)).isZero();
  }

  @Test
  void aLeaseIsRenewedUntilTheRenderEnds() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    handOver(first, Duration.ofMillis(5));
    handOver(first, Duration.ofMinutes(2));
    Attempts second = worker("second");
    second.earlierAttempts(record);
    CompletableFuture<Boolean> settled = CompletableFuture.supplyAsync(() -> awaitSettled(second));
    first.end(record);
    assertThat(first.handOver(PARTITION, record.offset(), Duration.ofMinutes(2))).isEmpty();

    assertThat(settled.join()).isTrue();
  }

  @Test
  void aLeaseThatAnotherWorkerHasReplacedIsNotRenewed() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    handOver(first, Duration.ofMillis(5));
    worker("second").begin(record, 2);

    await().atMost(Duration.ofMinutes(1)).until(() -> first.earlierAttempts(record) == 2);
    assertThat(first.handOver(PARTITION, record.offset(), Duration.ofMinutes(2))).isEmpty();
  }

  @Test
  void anEndedRecordIsNotReturnedAfterwards() throws Exception {
    Attempts first = worker("first");
    first.begin(record, 1);
    handOver(first, Duration.ofMinutes(2));
    first.end(record);
    first.earlierAttempts(record);
    first.release(record);
    first.flush();

    Attempts second = worker("second");
    second.earlierAttempts(record);
    assertThat(awaitSettled(second)).isTrue();
  }

  @Test
  void recordsThatTheNextWorkerReceivesAgainAreMarked() throws Exception {
    Attempts first = worker("first");
    first.markDone(PARTITION, record.offset());
    first.flush();

    Attempts second = worker("second");
    second.earlierAttempts(record);
    assertThat(awaitSettled(second)).isTrue();
  }

  @Test
  void aNewRecordWaitsForRecordsThatADeadWorkerHadBegun() throws Exception {
    AtomicLong clock = new AtomicLong();
    Attempts next = receiverOfADeadWorkersRecord(clock::get);

    Thread newRecord = awaiting(next);
    await().atMost(SOON).until(() -> newRecord.getState() == Thread.State.TIMED_WAITING);
    next.begin(record, 2);
    newRecord.join(SOON.toMillis());
    assertThat(newRecord.isAlive()).isFalse();
  }

  @Test
  void aNewRecordWaitsForOneSecondOnly() throws Exception {
    AtomicLong clock = new AtomicLong();
    Attempts next = receiverOfADeadWorkersRecord(clock::get);

    clock.set(Duration.ofSeconds(1).toNanos());
    Thread newRecord = awaiting(next);
    newRecord.join(SOON.toMillis());
    assertThat(newRecord.isAlive()).isFalse();
  }

  private Attempts receiverOfADeadWorkersRecord(LongSupplier nanoClock) throws Exception {
    worker("dead").begin(record, 1);
    Attempts next = worker("next", "darkroom.attempts", nanoClock);
    assertThat(next.earlierAttempts(record)).isEqualTo(1);
    next.received(record);
    return next;
  }

  private static Thread awaiting(Attempts worker) {
    Thread thread =
        new Thread(
            () -> {
              try {
                worker.awaitRecordsOfDeadWorkers(Lease.PERMANENT);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 pod-7", "3 17@host leaving 24000", "0 17@host done"})
  void aWrittenClaimIsReadBackUnchanged(String text) {
    Attempt attempt = Attempt.parse(Outgoing.utf8(text)).orElseThrow();

    assertThat(attempt.bytes()).asString().isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "-1 w", "x w", "1 w gone", "1 w leaving", "1 w leaving x"})
  void otherBytesAreNotAClaim(String text) {
    assertThat(Attempt.parse(Outgoing.utf8(text))).isEmpty();
  }

  private void handOver(Attempts worker, Duration lease) throws Exception {
    worker.handOver(PARTITION, record.offset(), lease).orElseThrow().get();
  }

  private boolean awaitSettled(Attempts worker) {
    return awaitSettled(worker, Lease.PERMANENT);
  }

  private boolean awaitSettled(Attempts worker, Lease lease) {
    try {
      return worker.awaitSettled(record, lease);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Attempts worker(String name) {
    return worker(name, "darkroom.attempts");
  }

  private Attempts worker(String name, String topic) {
    return worker(name, topic, System::nanoTime);
  }

  private Attempts worker(String name, String topic, LongSupplier nanoClock) {
    RetryPolicy retries =
        new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), RetryPolicy.UNLIMITED);
    TopicNames topics =
        new TopicNames(
            List.of("darkroom.requests"),
            "control",
            "events",
            "progress",
            "dead",
            topic,
            "retries");
    KafkaSettings settings =
        new KafkaSettings(
            1, retries, Duration.ZERO, name, topics, 3, Consumption.CONSUMER_GROUP, "darkroom");
    Attempts attempts = new Attempts(kafka.client(), settings, nanoClock);
    workers.add(attempts);
    attempts.start();
    attempts.assigned(List.of(PARTITION));
    return attempts;
  }
}
