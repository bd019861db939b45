package io.darkroom.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Deque<List<Notice>> answers = new ArrayDeque<>();
  private final List<String> published = new ArrayList<>();
  private final List<String> shown = new ArrayList<>();
  private long seconds;

  @Test
  void aRequestFollowsTheOneItNeeds() {
    answers.add(List.of(SampleNotices.progressed("small", 1, 2)));
    answers.add(List.of(SampleNotices.completed("small")));
    answers.add(List.of(SampleNotices.completed("large")));

    Map<String, Notice> ended =
        run(new Example("large", "up ${output:small:0}"), new Example("small", "draw"));

    assertThat(published)
        .containsExactly("small: draw", "large: up s3://darkroom/renders/small/0-0123456789ab.png");
    assertThat(ended).containsOnlyKeys("small", "large");
    assertThat(shown).containsExactly("small progressed", "small completed", "large completed");
  }

  @Test
  void aRequestThatNeedsAFailedOneIsNotPublished() {
    answers.add(List.of(SampleNotices.failed("small")));
    Example small = new Example("small", "draw");
    Example large = new Example("large", "up ${output:small:0}");

    Map<String, Notice> ended = run(large, small);

    assertThat(ended).containsOnlyKeys("small");
    assertThat(Verdict.of(List.of(large, small), ended))
        .containsExactly(
            "large: was not published, because a request that it depends on was not completed",
            "small: should be completed, is failed: NaN");
  }

  @Test
  void anEventForUnreadableBytesIsFoundByItsOffset() {
    answers.add(List.of(SampleNotices.rejected("darkroom.requests/0/0")));

    assertThat(run(new Example("bad-bytes", "}{"))).containsOnlyKeys("bad-bytes");
  }

  @Test
  void noticesOfOtherRequestsAreIgnored() {
    answers.add(
        List.of(SampleNotices.completed("stranger"), SampleNotices.progressed("stranger", 1, 2)));
    answers.add(List.of(SampleNotices.completed("mine")));

    assertThat(run(new Example("mine", "draw"))).containsOnlyKeys("mine");
    assertThat(shown).containsExactly("mine completed");
  }

  @Test
  void theTimeoutNamesTheOpenRequests() {
    answers.add(List.of(SampleNotices.completed("b")));

    assertThatThrownBy(() -> run(new Example("a", ""), new Example("b", ""), new Example("c", "")))
        .isInstanceOf(DemoFailure.class)
        .hasMessage("nothing was heard for 60 s; open are [a, c]");
    assertThat(seconds).isEqualTo(62);
  }

  @Test
  void impossibleDependenciesAreReportedBeforePublishing() {
    assertThatThrownBy(() -> run(new Example("a", "${output:x:0}")))
        .hasMessage("a: needs an output of x, which is not there");
    assertThatThrownBy(() -> run(new Example("a", "{\"id\":\"b\"}"), new Example("b", "")))
        .hasMessage("b and a have the same id b");
    assertThat(published).isEmpty();
  }

  private Map<String, Notice> run(Example... examples) {
    return new DemoSession(new CannedLine(), new Noted(), () -> {}, () -> seconds * 1_000_000_000)
        .run(List.of(examples), SILENCE);
  }

  private final class CannedLine implements WorkerConnection {
    @Override
    public String publish(String key, byte[] body) {
      published.add(key + ": " + new String(body, StandardCharsets.UTF_8));
      return "darkroom.requests/0/" + (published.size() - 1);
    }

    @Override
    public List<Notice> poll() {
      seconds++;
      return answers.isEmpty() ? List.of() : answers.remove();
    }
  }

  private final class Noted implements Display {
    @Override
    public void show(String id, Notice notice) {
      shown.add(id + " " + notice.what());
    }

    @Override
    public void close() {}
  }
}
