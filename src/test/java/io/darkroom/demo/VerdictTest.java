package io.darkroom.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Example GOOD = new Example("good", "");
  private static final Example BAD = new Example("bad-one", "");

  @Test
  void goodRequestsMustBeCompletedAndBadOnesRejected() {
    assertThat(
            Verdict.of(
                List.of(GOOD, BAD),
                Map.of(
                    "good",
                    SampleNotices.completed("good"),
                    "bad-one",
                    SampleNotices.rejected("bad-one"))))
        .isEmpty();
    assertThat(
            Verdict.of(
                List.of(GOOD, BAD),
                Map.of(
                    "good",
                    SampleNotices.rejected("good"),
                    "bad-one",
                    SampleNotices.completed("bad-one"))))
        .containsExactly(
            "good: should be completed, is rejected: has 2 violations",
            "bad-one: should be rejected, is completed");
  }

  @Test
  void aBadRequestMustNotFail() {
    assertThat(Verdict.of(List.of(BAD), Map.of("bad-one", SampleNotices.failed("bad-one"))))
        .containsExactly("bad-one: should be rejected, is failed: NaN");
  }
}
