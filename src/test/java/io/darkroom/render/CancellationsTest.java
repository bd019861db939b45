package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.JobId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final JobId CAT = new JobId("cat");

  private final AtomicInteger calls = new AtomicInteger();
  private final Cancellations cancellations =
      new Cancellations(HOUR, 3, Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void aRequestThatArrivesLaterIsCancelled() {
    assertThat(cancellations.cancel(CAT, NOW)).isTrue();
    assertThat(cancellations.contains(CAT)).isTrue();
    assertThat(cancellations.contains(new JobId("dog"))).isFalse();
  }

  @Test
  void aRunningRequestIsNotified() {
    try (Cancellations.Watch watch = cancellations.watch(CAT, calls::incrementAndGet)) {
      assertThat(watch).isNotNull();
      cancellations.cancel(new JobId("dog"), NOW);
      assertThat(calls).hasValue(0);
      cancellations.cancel(CAT, NOW);
      assertThat(calls).hasValue(1);
    }
    cancellations.cancel(CAT, NOW);
    assertThat(calls).hasValue(1);
  }

  @Test
  void aLaterWatcherIsNotifiedAtOnce() {
    cancellations.cancel(CAT, NOW);
    cancellations.watch(CAT, calls::incrementAndGet).close();
    assertThat(calls).hasValue(1);
  }

  @Test
  void twoRendersOfOneIdAreBothNotified() {
    Cancellations.Watch first = cancellations.watch(CAT, calls::incrementAndGet);
    Cancellations.Watch second = cancellations.watch(CAT, calls::incrementAndGet);
    cancellations.cancel(CAT, NOW);
    assertThat(calls).hasValue(2);
    first.close();
    cancellations.cancel(CAT, NOW);
    assertThat(calls).hasValue(3);
    second.close();
  }

  @Test
  void aCancellationThatIsTooOldIsIgnored() {
    assertThat(cancellations.cancel(CAT, NOW.minus(HOUR).minusMillis(1))).isFalse();
    assertThat(cancellations.contains(CAT)).isFalse();
    assertThat(cancellations.cancel(CAT, NOW.minus(HOUR))).isTrue();
    assertThat(cancellations.contains(CAT)).isTrue();
  }

  @Test
  void theOldestIdsAreDroppedAboveTheLimit() {
    for (int i = 0; i < 5; i++) {
      cancellations.cancel(new JobId("request-" + i), NOW);
    }
    assertThat(cancellations.size()).isEqualTo(3);
    assertThat(cancellations.contains(new JobId("request-1"))).isFalse();
    assertThat(cancellations.contains(new JobId("request-2"))).isTrue();
  }

  @Test
  void aRenderThatCannotBeCancelledIgnoresCancellations() {
    Cancellations none = Cancellations.none();
    try (Cancellations.Watch watch = none.watch(CAT, calls::incrementAndGet)) {
      assertThat(watch).isNotNull();
      assertThat(none.cancel(CAT, NOW)).isFalse();
    }
    assertThat(none.contains(CAT)).isFalse();
    assertThat(calls).hasValue(0);
  }
}
