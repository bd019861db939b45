package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the validation of the headers of W3C Trace Context, level 1. */
class TraceContextTest {
  private static final String IDS = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";
  private static final String PARENT = "00-" + IDS + "01";

  @Test
  void validHeadersAreNotChanged() {
    String state = "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE,1a-_*/@b=x y,,z=!";

    assertThat(TraceContext.of(PARENT, state))
        .isEqualTo(Map.of("traceparent", PARENT, "tracestate", state));
    assertThat(TraceContext.of(PARENT, "")).isEqualTo(Map.of("traceparent", PARENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cc-" + IDS + "01", "cc-" + IDS + "01-what the future holds?"})
  void laterVersionsMayHaveMoreFields(String parent) {
    assertThat(TraceContext.of(parent.replace(" ", "_"), "")).containsKey("traceparent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-" + IDS,
        "ff-" + IDS + "01",
        "00-" + IDS + "01-more",
        "00-" + IDS + "0g",
        "00-" + IDS + "01\n",
        " 00-" + IDS + "01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "cc-" + IDS + "01-\u0000"
      })
  void anInvalidParentRemovesTheStateAlso(String parent) {
    assertThat(TraceContext.of(parent, "rojo=1")).isEmpty();
    assertThat(TraceContext.of("cc-" + IDS + "01-" + "x".repeat(300_000), "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rojo",
        "=1",
        "rojo=",
        "Rojo=1",
        "a=1,a=2",
        "a=b=c",
        "a=\u0007",
        "a=\u00e9",
        "a\n=1"
      })
  void onlyAnInvalidStateIsLeftOut(String state) {
    assertThat(TraceContext.of(PARENT, state)).isEqualTo(Map.of("traceparent", PARENT));
  }

  @Test
  void aStateOfMoreThanThirtyTwoMembersOrFiveHundredCharactersIsLeftOut() {
    String most = members(32);

    assertThat(TraceContext.of(PARENT, most)).containsEntry("tracestate", most);
    assertThat(TraceContext.of(PARENT, members(33))).doesNotContainKey("tracestate");
    assertThat(TraceContext.of(PARENT, "a=" + "x".repeat(250) + ",b=" + "x".repeat(256) + ",c=1"))
        .doesNotContainKey("tracestate");
    assertThat(TraceContext.of(PARENT, "a=" + "x".repeat(300_000))).doesNotContainKey("tracestate");
  }

  private static String members(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i + "=1").collect(Collectors.joining(","));
  }
}
