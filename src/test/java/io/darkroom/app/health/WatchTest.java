package io.darkroom.app.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private String problem = "";
  private long now;
  private final Watch watch = new Watch("store", this::ask, TIMEOUT, () -> now);

  private void ask() {
    if (!problem.isEmpty()) {
      throw new IllegalStateException(problem);
    }
  }

  @Test
  void theStateIsUnknownBeforeTheFirstCheck() {
    assertThat(watch.problem()).contains("not checked yet");
  }

  @Test
  void theLastAnswerCounts() {
    watch.run();
    assertThat(watch.problem()).isEmpty();

    problem = "s3://darkroom: is not usable";
    watch.run();
    assertThat(watch.problem()).contains("s3://darkroom: is not usable");
  }

  @Test
  void anOldAnswerDoesNotCount() {
    watch.run();
    now += TIMEOUT.plusSeconds(3).toNanos();

    assertThat(watch.problem()).contains("no answer for 63 s");
  }
}
