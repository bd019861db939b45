package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.json.MessageHeaders;
import io.darkroom.render.Delivery;
import io.darkroom.render.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedRecordTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-28T12:00:00Z");

  @Test
  void aTimestampOfTheLastYearIsUsed() {
    Instant minuteAgo = RECEIVED.minusSeconds(60);
    Instant monthAgo = RECEIVED.minus(Duration.ofDays(30));

    assertThat(taken(minuteAgo.toEpochMilli()).delivery(Lease.PERMANENT).published())
        .isEqualTo(minuteAgo);
    assertThat(taken(monthAgo.toEpochMilli()).delivery(Lease.PERMANENT).published())
        .isEqualTo(monthAgo);
  }

  /**
   * No timestamp, zero, seconds instead of milliseconds, tomorrow, and the smallest and largest
   * values.
   */
  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1_795_867_200L, 1_795_953_600_000L, Long.MIN_VALUE, Long.MAX_VALUE})
  void anyOtherTimestampIsReplacedByTheTimeOfReceipt(long timestamp) {
    assertThat(taken(timestamp).delivery(Lease.PERMANENT).published()).isEqualTo(RECEIVED);
  }

  @Test
  void invalidTraceHeadersAreIgnored() {
    Delivery delivery =
        taken(0, "traceparent", "x".repeat(300_000), "tracestate", "a\u0000")
            .delivery(Lease.PERMANENT);

    assertThat(delivery.traceContext()).isEmpty();
  }

  @Test
  void headersDescribeTheContent() {
    ReceivedRecord event =
        taken(0, "ce_specversion", "1.0", "ce_type", "a.b", "content-type", "application/json");

    assertThat(event.delivery(Lease.PERMANENT).headers())
        .isEqualTo(new MessageHeaders("application/json", "1.0", "a.b"));
    assertThat(taken(0).delivery(Lease.PERMANENT).headers()).isEqualTo(MessageHeaders.of(""));
  }

  @Test
  void attemptsAreTheBrokersCountOfDeliveries() {
    assertThat(new ReceivedRecord(record(0, Optional.of((short) 3)), RECEIVED).attempts())
        .isEqualTo(3);
  }

  @Test
  void attemptsAreOneUnlessDeliveriesAreCounted() {
    ReceivedRecord record = taken(0);

    assertThat(record.delivery(Lease.PERMANENT).attempts()).isEqualTo(1);
    assertThat(record.withAttempts(2).delivery(Lease.PERMANENT).attempts()).isEqualTo(2);
  }

  private static ReceivedRecord taken(long timestamp, String... headers) {
    return new ReceivedRecord(record(timestamp, Optional.empty(), headers), RECEIVED);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      long timestamp, Optional<Short> deliveries, String... headers) {
    RecordHeaders all = new RecordHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    byte[] nothing = new byte[0];
    return new ConsumerRecord<>(
        "requests",
        0,
        7,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        nothing,
        nothing,
        all,
        Optional.empty(),
        deliveries);
  }
}
