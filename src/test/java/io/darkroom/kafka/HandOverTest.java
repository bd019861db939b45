package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.LocalKafka;
import io.darkroom.render.Lease;
import io.darkroom.render.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renders whose partition moves, with a real broker and a clock of the test. */
class HandOverTest {
  private static final TopicPartition PARTITION = new TopicPartition("darkroom.requests", 0);
  private static final ConsumerRecord<byte[], byte[]> RECORD =
      new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), 7, null, null);
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path folder;
  private final AtomicLong clock = new AtomicLong();
  private LocalKafka kafka;
  private Attempts attempts;
  private HandOver handOver;
  private Claim claim;

  @BeforeEach
  void start() throws Exception {
    kafka = new LocalKafka(folder, 0);
    attempts = new Attempts(kafka.client(), settings(), System::nanoTime);
    attempts.start();
    handOver = new HandOver(attempts, clock::get);
  }

  @AfterEach
  void stop() {
    handOver.close();
    attempts.close();
    kafka.close();
  }

  @Test
  void aRenderThatIsNotHandedOverDoesNotDependOnMarks() throws Exception {
    HandOver.Held running = begun();

    assertThat(handOver.begin(List.of(running), LONG)).as("there is no topic").isFalse();
    pass(60);
    handOver.renew();

    assertThat(claim.lost()).isFalse();
  }

  @Test
  void aRenderEndsBeforeItsLeaseDoes() throws Exception {
    kafka.createTopics(List.of("darkroom.attempts"), 1);
    HandOver.Held running = begun();
    assertThat(handOver.begin(List.of(running), LONG)).isTrue();
    kafka.close();

    pass(4);
    handOver.renew();
    assertThat(claim.lost()).isFalse();
    pass(1);
    handOver.renew();
    assertThat(claim.lost()).as("the lease is 6 s, the next renewal is in 1 s").isTrue();
  }

  @Test
  void aRecordThatEndsBeforeItsPartitionMovesLeavesNoMark() throws Exception {
    kafka.createTopics(List.of("darkroom.attempts"), 1);
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.assign(List.of(PARTITION));
    PartitionClaims claims = new PartitionClaims(settings(), attempts, clock::get);
    claims.onPartitionsAssigned(consumer, List.of(PARTITION));
    claim = claims.take(RECORD);
    claim.begin();
    attempts.begin(RECORD, 1);
    assertThat(claims.leave(LONG)).isTrue();

    attempts.end(RECORD);
    claims.settled(RECORD, claim);
    claims.onPartitionsRevoked(consumer, List.of(PARTITION));
    claims.close();

    assertThat(Map.copyOf(consumer.committed(Set.of(PARTITION))).get(PARTITION).offset())
        .isEqualTo(8);
    assertThat(isMarkedAsDone()).isFalse();
  }

  private boolean isMarkedAsDone() throws InterruptedException {
    Attempts next = new Attempts(kafka.client(), settings(), System::nanoTime);
    next.start();
    next.assigned(List.of(PARTITION));
    next.earlierAttempts(RECORD);
    boolean done = next.awaitSettled(RECORD, Lease.PERMANENT);
    next.close();
    return done;
  }

  private void pass(long seconds) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private HandOver.Held begun() throws InterruptedException {
    claim = Claim.held(clock::get);
    assertThat(claim.begin()).isTrue();
    attempts.begin(RECORD, 1);
    return new HandOver.Held(PARTITION, RECORD.offset(), claim);
  }

  private static KafkaSettings settings() {
    RetryPolicy retries =
        new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), RetryPolicy.UNLIMITED);
    return new KafkaSettings(
        1, retries, LONG, "w", RecordingRenderer.TOPICS, 3, Consumption.CONSUMER_GROUP, "darkroom");
  }
}
