package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutageTest {
  private final List<String> lines = new ArrayList<>();
  private long nanos;
  private final Outage outage = new Outage("store", lines::add, () -> nanos);

  /** Text of a broker or a store can neither end the line nor hide a part of it. */
  @Test
  void theReasonIsShownOnOneLine() {
    outage.failed("no\n  answer \"\u202e\"\u001b[31m");

    assertThat(lines).containsExactly("store fails reason=\"no answer '?'?[31m\"");
  }

  @Test
  void failuresAreLoggedOncePerMinute() {
    for (int second = 0; second < 3600; second++) {
      at(second);
      outage.failed("507");
      outage.failed("507");
    }
    assertThat(lines).hasSize(60);
    assertThat(lines.get(0)).isEqualTo("store fails reason=\"507\"");
    assertThat(lines.get(1)).isEqualTo("store still fails failures=121 seconds=60 reason=\"507\"");
  }

  @Test
  void theEndOfAnOutageIsLoggedOnceWithTheCount() {
    outage.failed("507");
    at(30);
    outage.failed("503");
    at(40);
    outage.worked();
    outage.worked();
    assertThat(lines)
        .containsExactly("store fails reason=\"507\"", "store works again failures=2 seconds=30");
    outage.failed("507");
    assertThat(lines).hasSize(3);
  }

  @Test
  void successesBetweenFailuresDoNotEndAnOutage() {
    for (int second = 0; second < 50; second++) {
      at(second);
      outage.failed("500");
      outage.worked();
    }
    assertThat(lines).hasSize(1);
  }

  @Test
  void theProblemIsFromTheLastCall() {
    assertThat(outage.problem()).isEmpty();
    outage.failed("500");
    assertThat(outage.problem()).contains("500");
    outage.worked();
    assertThat(outage.problem()).isEmpty();
  }

  private void at(int second) {
    nanos = TimeUnit.SECONDS.toNanos(second);
  }
}
