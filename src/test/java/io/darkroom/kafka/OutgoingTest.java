package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.InvalidTimestampException;
import org.junit.jupiter.api.Test;

class OutgoingTest {

  @Test
  void theReasonIsTheBrokersErrorAndNotTheEndOfRetries() {
    RuntimeException exhausted = new IllegalStateException("Retries exhausted");
    assertThat(Outgoing.reason(exhausted)).isSameAs(exhausted);

    InvalidTimestampException refused = new InvalidTimestampException("out of range");
    exhausted.addSuppressed(refused);
    assertThat(Outgoing.reason(exhausted)).isSameAs(refused);
    assertThat(Outgoing.reason(new IllegalStateException("nacked", exhausted))).isSameAs(refused);
  }
}
