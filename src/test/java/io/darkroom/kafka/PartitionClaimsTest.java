package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.render.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionClaimsTest {
  private static final TopicPartition MOVED = new TopicPartition("requests", 0);
  private static final TopicPartition KEPT = new TopicPartition("requests", 1);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

  @BeforeEach
  void assign() {
    consumer.assign(List.of(MOVED, KEPT));
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
  void aRenderUnderWayHoldsThePartitionUntilItsEventIsOut() {
    PartitionClaims claims = claims(Duration.ofHours(1));
    ConsumerRecord<byte[], byte[]> record = record(MOVED, 7);
    Claim running = claims.take(record);
    assertThat(running.begin()).isTrue();
    CountDownLatch revoking = new CountDownLatch(1);
    CompletableFuture<Void> revoked =
        CompletableFuture.runAsync(
            () -> {
              revoking.countDown();
              claims.onPartitionsRevoked(consumer, List.of(MOVED));
            });
    Waiting.forLatch(revoking);

    assertThat(running.announce()).isTrue();
    claims.settled(record, running);
    revoked.join();

    assertThat(running.lost()).isFalse();
    assertThat(committed(MOVED)).as("the next worker begins behind it").isEqualTo(8);
  }

  @Test
  void aRenderThatIsNotDoneInTimeIsLostAndAnnouncesNothing() {
    PartitionClaims claims = claims(Duration.ofMillis(1));
    Claim running = claims.take(record(MOVED, 7));
    running.begin();
    CountDownLatch stopped = new CountDownLatch(1);
    running.onLost(stopped::countDown);

    claims.onPartitionsRevoked(consumer, List.of(MOVED));

    assertThat(stopped.getCount()).isZero();
    assertThat(running.announce()).isFalse();
    assertThat(committed(MOVED)).isEqualTo(7);
  }

  @Test
  void recordsThatEndedBehindOneThatDidNotAreTakenAgain() {
    PartitionClaims claims = claims(Duration.ZERO);
    Claim slow = claims.take(record(MOVED, 7));
    ConsumerRecord<byte[], byte[]> later = record(MOVED, 8);
    Claim done = claims.take(later);
    slow.begin();
    done.begin();
    done.announce();
    claims.settled(later, done);

    claims.onPartitionsRevoked(consumer, List.of(MOVED));

    assertThat(committed(MOVED)).isEqualTo(7);
  }

  @Test
  void aRecordOfAPartitionThatMovedIsNotTaken() {
    PartitionClaims claims = claims(Duration.ZERO);
    claims.onPartitionsRevoked(consumer, List.of(MOVED));

    assertThat(claims.take(record(MOVED, 9)).begin()).isFalse();
    assertThat(consumer.committed(Set.of(MOVED))).as("nothing was taken").isEmpty();
  }

  @Test
  void aPartitionThatComesBackWithoutNoticeWasLost() {
    PartitionClaims claims = claims(Duration.ZERO);
    Claim before = claims.take(record(MOVED, 7));
    before.begin();

    claims.onPartitionsAssigned(consumer, List.of(MOVED));

    assertThat(before.announce()).isFalse();
    assertThat(claims.take(record(MOVED, 7)).begin()).isTrue();
  }

  @Test
  void aWorkerThatLeavesGoesOnWithWhatItHasBegun() {
    PartitionClaims claims = claims(Duration.ofHours(1));
    Claim running = claims.take(record(MOVED, 7));
    running.begin();
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
    Claim.gone().onLost(ran::countDown);

    assertThat(ran.getCount()).isZero();
  }

  private PartitionClaims claims(Duration handover) {
    RetryPolicy retries =
        new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), RetryPolicy.UNLIMITED);
    KafkaSettings settings =
        new KafkaSettings(
            1, retries, handover, "w", Behind.TOPICS, 3, Consumption.CONSUMER_GROUP, "darkroom");
    PartitionClaims claims = new PartitionClaims(settings, new Attempts(Map.of(), settings));
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
