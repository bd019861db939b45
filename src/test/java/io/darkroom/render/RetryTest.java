package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final RetryPolicy POLICY =
      new RetryPolicy(Duration.ofSeconds(5), Duration.ofSeconds(60), RetryPolicy.UNLIMITED);

  private final List<Duration> slept = new ArrayList<>();
  private int tries;

  @Test
  void delaysDoubleUpToTheLongest() {
    RandomGenerator none = () -> 0;

    assertThat(IntStream.rangeClosed(1, 7).mapToObj(i -> POLICY.delay(i, none).toSeconds()))
        .containsExactly(5L, 10L, 20L, 40L, 60L, 60L, 60L);
    assertThat(POLICY.delay(Integer.MAX_VALUE, none)).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void delaysAreShortenedByUpToHalf() {
    RandomGenerator most = () -> -1L;

    assertThat(POLICY.delay(1, most)).isBetween(Duration.ofMillis(2500), Duration.ofMillis(2501));
  }

  @Test
  void theResultContainsTheNumberOfTries() {
    Retry.Tried<String> tried = retry(POLICY).call(() -> worksAtTheTry(3), (f, tries, delay) -> {});

    assertThat(tried).isEqualTo(new Retry.Tried<>("done", 3));
    assertThat(slept).hasSize(2);
  }

  @Test
  void theLastFailureIsThrownWhenTheDelaysReachTheirTotal() {
    RetryPolicy twoSeconds =
        new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2));

    assertThatThrownBy(() -> retry(twoSeconds).call(() -> worksAtTheTry(99)))
        .hasMessageStartingWith("try ");
    assertThat(slept).hasSize(2);
  }

  @Test
  void aFailureThatIsNotRetryableIsThrownAtOnce() {
    Retry never = new Retry(POLICY, failure -> false, slept::add);

    assertThatThrownBy(() -> never.call(() -> worksAtTheTry(2))).hasMessage("try 1");
    assertThat(slept).isEmpty();
  }

  @Test
  void aPauseCanEndTheTries() {
    Retry stopped = new Retry(POLICY, failure -> true, delay -> false);

    assertThatThrownBy(() -> stopped.call(() -> worksAtTheTry(2))).hasMessage("try 1");
  }

  @Test
  void badPoliciesAreRefusedByName() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new RetryPolicy(Duration.ofSeconds(2), second, second))
        .hasMessage("retry delays: must be above 0 and rise, are PT2S to PT1S");
    assertThatThrownBy(() -> new RetryPolicy(second, second, second.negated()))
        .hasMessage("total of retry delays: must be 0 or more, is PT-1S");
  }

  private Retry retry(RetryPolicy policy) {
    return new Retry(policy, failure -> true, slept::add);
  }

  private String worksAtTheTry(int number) {
    tries++;
    if (tries < number) {
      throw new IllegalStateException("try " + tries);
    }
    return "done";
  }
}
