package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.render.Outage;
import io.darkroom.render.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ReadLoopTest {
  private final List<String> lines = new ArrayList<>();
  private final ReadLoop loop =
      new ReadLoop(
          new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), RetryPolicy.UNLIMITED),
          new Outage("reading", lines::add, () -> 0));

  @Test
  void aFailureIsReportedAndReadingBeginsAgain() {
    int[] tries = {0};
    loop.run(
        () -> {
          tries[0]++;
          if (tries[0] < 3) {
            throw new TimeoutException("no answer");
          }
          loop.worked();
          loop.close();
        });

    assertThat(tries[0]).isEqualTo(3);
    assertThat(lines).containsExactly("reading fails reason=\"TimeoutException: no answer\"");
  }

  @Test
  void anInterruptedThreadStopsReading() {
    loop.run(
        () -> {
          throw new InterruptedException();
        });

    assertThat(Thread.interrupted()).isTrue();
    assertThat(loop.closed()).isFalse();
  }
}
