package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.render.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionClaimsTest {
  private static final TopicPartition MOVED = new TopicPartition("requests", 0);
  private static final TopicPartition KEPT = new TopicPartition("requests", 1);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final List<PartitionClaims> opened = new ArrayList<>();
  private Attempts attempts;

  /** A member that the broker has expelled from the group. */
  private static final class Expelled extends MockConsumer<byte[], byte[]> {
    private Expelled() {
      super("earliest");
      assign(List.of(MOVED, KEPT));
    }

    @Override
    @SuppressWarnings("removal") // the constructors are to be hidden
    public synchronized ConsumerGroupMetadata groupMetadata() {
      return new ConsumerGroupMetadata("darkroom", -1, "", Optional.empty());
    }
  }

  @BeforeEach
  void assign() {
    consumer.assign(List.of(MOVED, KEPT));
  }

  @AfterEach
  void close() {
    opened.forEach(PartitionClaims::close);
  }

  @Test
  void aRecordThatHasNotBegunIsDroppedAtOnce() {
    PartitionClaims claims = claims(Duration.ofHours(1));
    Claim queued = claims.take(record(MOVED, 7));
    Claim elsewhere = claims.take(record(KEPT, 3));

    claims.onPartitionsRevoked(consumer, List.of(MOVED));

    assertThat(queued.lost()).isTrue();
    assertThat(queued.begin()).isFalse();
    assertThat(elsewhere.begin()).isTrue();
    assertThat(committed(MOVED)).isEqualTo(7);
  }

  @Test
  void aRunningRenderContinuesAfterItsPartitionHasMoved() throws Exception {
    PartitionClaims claims = claims(Duration.ofHours(1));
    ConsumerRecord<byte[], byte[]> record = record(MOVED, 7);
    Claim running = begun(claims, record);

    claims.onPartitionsRevoked(consumer, List.of(MOVED));

    assertThat(committed(MOVED)).as("the next worker waits for it").isEqualTo(7);
    assertThat(running.beginPublishing()).isTrue();
    claims.settled(record, running);
    assertThat(running.lost()).isFalse();
  }

  @Test
  void aRenderThatHasNotWrittenItsClaimIsBegunByTheNextWorker() {
    PartitionClaims claims = claims(Duration.ofHours(1));
    Claim early = claims.take(record(MOVED, 7));
    early.begin();

    claims.onPartitionsRevoked(consumer, List.of(MOVED));

    assertThat(early.beginPublishing()).isFalse();
  }

  @Test
  void aLostPartitionStopsItsRenders() throws Exception {
    PartitionClaims claims = claims(Duration.ofHours(1));
    Claim running = begun(claims, record(MOVED, 7));

    claims.onPartitionsRevoked(new Expelled(), List.of(MOVED));

    assertThat(running.beginPublishing()).isFalse();
  }

  @Test
  void aRenderThatIsNotDoneInTimeIsLostWithoutAnEvent() throws Exception {
    PartitionClaims claims = claims(Duration.ofMillis(1));
    Claim running = begun(claims, record(MOVED, 7));
    CountDownLatch stopped = new CountDownLatch(1);
    running.onLost(stopped::countDown);

    claims.onPartitionsRevoked(consumer, List.of(MOVED));
    Waiting.forLatch(stopped);

    assertThat(running.beginPublishing()).isFalse();
    assertThat(committed(MOVED)).isEqualTo(7);
  }

  @Test
  void recordsThatEndedAfterAnUnfinishedOneAreConsumedAgain() {
    PartitionClaims claims = claims(Duration.ZERO);
    Claim slow = claims.take(record(MOVED, 7));
    ConsumerRecord<byte[], byte[]> later = record(MOVED, 8);
    Claim done = claims.take(later);
    slow.begin();
    done.begin();
    done.beginPublishing();
    claims.settled(later, done);

    claims.onPartitionsRevoked(consumer, List.of(MOVED));

    assertThat(committed(MOVED)).isEqualTo(7);
  }

  @Test
  void aRecordOfAMovedPartitionIsNotConsumed() {
    PartitionClaims claims = claims(Duration.ZERO);
    claims.onPartitionsRevoked(consumer, List.of(MOVED));

    assertThat(claims.take(record(MOVED, 9)).begin()).isFalse();
    assertThat(consumer.committed(Set.of(MOVED))).as("nothing was taken").isEmpty();
  }

  @Test
  void aPartitionThatIsReassignedWithoutNoticeWasLost() {
    PartitionClaims claims = claims(Duration.ZERO);
    Claim before = claims.take(record(MOVED, 7));
    before.begin();

    claims.onPartitionsAssigned(consumer, List.of(MOVED));

    assertThat(before.beginPublishing()).isFalse();
    assertThat(claims.take(record(MOVED, 7)).begin()).isTrue();
  }

  @Test
  void aLeavingWorkerContinuesItsRunningRenders() throws Exception {
    PartitionClaims claims = claims(Duration.ofHours(1));
    Claim running = begun(claims, record(MOVED, 7));
    Claim queued = claims.take(record(MOVED, 8));

    assertThat(claims.leave(Duration.ofMinutes(1))).isTrue();
    claims.onPartitionsRevoked(consumer, List.of(MOVED, KEPT));

    assertThat(queued.begin()).isFalse();
    assertThat(running.lost()).isFalse();
    assertThat(committed(MOVED)).isEqualTo(7);
    claims.loseAll();
    assertThat(running.lost()).isTrue();
  }

  @Test
  void anActionOfALostClaimRunsAtOnce() {
    CountDownLatch ran = new CountDownLatch(1);
    Claim.alreadyLost().onLost(ran::countDown);

    assertThat(ran.getCount()).isZero();
  }

  private Claim begun(PartitionClaims claims, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    Claim claim = claims.take(record);
    assertThat(claim.begin()).isTrue();
    attempts.begin(record, 1);
    return claim;
  }

  private PartitionClaims claims(Duration handover) {
    RetryPolicy retries =
        new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), RetryPolicy.UNLIMITED);
    KafkaSettings settings =
        new KafkaSettings(
            1,
            retries,
            handover,
            "w",
            RecordingRenderer.TOPICS,
            3,
            Consumption.CONSUMER_GROUP,
            "darkroom");
    attempts = new Attempts(Map.of(), settings, System::nanoTime);
    PartitionClaims claims = new PartitionClaims(settings, attempts, System::nanoTime);
    opened.add(claims);
    claims.onPartitionsAssigned(consumer, List.of(MOVED, KEPT));
    return claims;
  }

  private long committed(TopicPartition partition) {
    return Map.copyOf(consumer.committed(Set.of(partition))).get(partition).offset();
  }

  private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
    return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null);
  }
}
