package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.render.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class PublishingTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2030-01-02T03:04:05Z"), ZoneOffset.UTC);
  private final Publishing publishing =
      new Publishing(
          new KafkaSettings(
              1,
              new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), RetryPolicy.UNLIMITED),
              Duration.ZERO,
              "w",
              RecordingRenderer.TOPICS,
              3,
              Consumption.CONSUMER_GROUP,
              "darkroom"),
          CLOCK,
          System::nanoTime);

  @Test
  void clockSkewIsNamedWithTheTime() {
    publishing.events().failed(new InvalidTimestampException("Timestamp 2 is out of range"));

    assertThat(publishing.problem().orElseThrow())
        .startsWith("InvalidTimestampException: Timestamp 2 is out of range (the clock of this")
        .contains("2030-01-02T03:04:05Z", "message.timestamp.after.max.ms");
    publishing.events().worked();
    assertThat(publishing.problem()).isEmpty();
  }

  @Test
  void aTopicThatRefusesIsAProblemUntilItTakesARecord() {
    publishing.deadLetters().failed(new TopicAuthorizationException("darkroom.dead-letters"));
    publishing.events().worked();
    assertThat(publishing.problem()).isPresent();
    publishing.deadLetters().worked();
    assertThat(publishing.problem()).isEmpty();
  }
}
