package io.darkroom.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoardTest {
  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");
  private static final RequestSummary ASKED =
      new RequestSummary("emoji-64", "euler", 20, "panda", List.of());

  private final Board board =
      new Board(Duration.ofHours(1), 3, Clock.fixed(NOW.plusSeconds(60), ZoneOffset.UTC));

  private static Instant at(int second) {
    return NOW.plusSeconds(second);
  }

  private static Job.Progress progress(int second, int done, String preview) {
    return new Job.Progress(at(second), done, 40, "", preview, "worker-1");
  }

  private static Result completed(String id, int second) {
    return new Result(id, at(second), "completed", ASKED, Optional.empty(), 1, Optional.empty());
  }

  private static Result failed(String id, int second, String kind) {
    Result.Trouble why = new Result.Trouble(kind, "because", List.of(), false);
    return new Result(
        id, at(second), "failed", RequestSummary.NOTHING, Optional.of(why), 0, Optional.empty());
  }

  private List<String> waiting() {
    return board.waiting(9).first().stream().map(Job::id).toList();
  }

  private List<String> running() {
    return board.running(9).first().stream().map(Job::id).toList();
  }

  private List<String> results() {
    return board.results(result -> true, "", 9).stream().map(Result::id).toList();
  }

  @Test
  void aRequestWaitsThenRunsThenHasAResult() {
    board.requested("a", at(0), ASKED);
    assertThat(waiting()).containsExactly("a");

    board.progressed("a", progress(1, 0, ""));
    board.progressed("a", progress(2, 8, "s3://b/p.png"));
    board.progressed("a", progress(3, 12, ""));
    assertThat(waiting()).isEmpty();
    assertThat(board.job("a").orElseThrow().tree())
        .containsEntry("done", 12L)
        .containsEntry("preview", "s3://b/p.png")
        .containsEntry("model", "emoji-64");

    board.ended(completed("a", 4));
    assertThat(running()).isEmpty();
    assertThat(results()).containsExactly("a");
    assertThat(board.outcomes()).isEqualTo(Map.of("completed", 1));
  }

  @Test
  void theOrderOfTheTopicsDoesNotMatter() {
    board.ended(failed("a", 4, "input"));
    board.progressed("a", progress(2, 8, ""));
    board.requested("a", at(0), ASKED);

    assertThat(waiting()).isEmpty();
    assertThat(running()).isEmpty();
    assertThat(board.result("a").orElseThrow().summary()).isEqualTo(ASKED);
    assertThat(board.outcomes()).isEqualTo(Map.of("failed: input", 1));
  }

  @Test
  void aRequestThatIsPublishedAgainWaitsAgain() {
    board.ended(completed("a", 4));
    board.requested("a", at(15), ASKED);
    assertThat(waiting()).containsExactly("a");

    board.ended(completed("a", 4)); // read once more after an error of the broker
    assertThat(waiting()).containsExactly("a");

    board.ended(completed("a", 16));
    assertThat(waiting()).isEmpty();
    assertThat(results()).containsExactly("a");
    assertThat(board.outcomes()).isEqualTo(Map.of("completed", 1));
  }

  @Test
  void aPublisherWhoseClockIsAheadDoesNotHideTheResult() {
    board.requested("a", at(7), ASKED);
    board.ended(completed("a", 4));
    assertThat(waiting()).isEmpty();

    board.ended(completed("b", 4));
    board.requested("b", at(7), ASKED);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void aRequestWhoseResultIsNoLongerKeptDoesNotWait() {
    for (int i = 0; i < 5; i++) {
      board.ended(completed("r" + i, i + 1));
    }
    board.requested("r0", at(0), ASKED);

    assertThat(board.result("r0")).isEmpty();
    assertThat(waiting()).isEmpty();
  }

  @Test
  void anEarlierProgressEventChangesNothing() {
    board.progressed("a", progress(3, 12, ""));
    board.progressed("a", progress(2, 8, ""));

    assertThat(board.job("a").orElseThrow().tree()).containsEntry("done", 12L);
  }

  @Test
  void theOldestResultsAreLeftOut() {
    for (int i = 0; i < 5; i++) {
      board.ended(i % 2 == 0 ? completed("r" + i, i) : failed("r" + i, i, "storage"));
    }

    assertThat(results()).containsExactly("r4", "r3", "r2");
    assertThat(board.result("r0")).isEmpty();
    assertThat(board.outcomes()).isEqualTo(Map.of("completed", 2, "failed: storage", 1));
  }

  @Test
  void pagesOfResultsFollowOneAnother() {
    board.ended(completed("a", 1));
    board.ended(completed("b", 1));
    board.ended(completed("c", 2));

    String last = board.results(result -> true, "", 2).get(1).position();
    assertThat(board.results(result -> true, last, 2)).extracting(Result::id).containsExactly("a");
  }

  @Test
  void requestsBeforeTheLookBackAreNotShown() {
    board.requested("old", NOW.minus(Duration.ofHours(2)), ASKED);

    assertThat(waiting()).isEmpty();
  }

  @Test
  void anUpdateContainsTheChangesSinceTheLastUpdate() {
    LiveUpdates updates =
        new LiveUpdates(
            board, new CallHistory(Vitals.NONE), Vitals.NONE, new Workers(Clock.systemUTC()));
    board.progressed("a", progress(1, 1, ""));
    board.progressed("b", progress(1, 1, ""));

    assertThat(updates.next().orElseThrow())
        .containsEntry("order", List.of("a", "b"))
        .containsEntry("running", 2);
    assertThat(updates.next()).isEmpty();

    board.progressed("b", progress(2, 2, ""));
    List<?> changed = (List<?>) updates.next().orElseThrow().get("jobs");
    assertThat(changed).singleElement().extracting("id").isEqualTo("b");

    board.ended(completed("a", 3));
    assertThat(updates.next().orElseThrow())
        .containsEntry("order", List.of("b"))
        .containsEntry("jobs", List.of())
        .containsEntry("outcomes", Map.of("completed", 1));
  }
}
