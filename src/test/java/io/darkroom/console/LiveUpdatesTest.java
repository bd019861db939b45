package io.darkroom.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.kafka.GroupMembers.Member;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class LiveUpdatesTest {
  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final Member A = new Member("1@a", "10.0.0.1", 2);
  private static final Member B = new Member("2@b", "10.0.0.2", 2);

  private final Board board = new Board(Duration.ofHours(1), 9, CLOCK);
  private final Workers workers = new Workers(CLOCK);
  private final LiveUpdates updates = updates();

  private LiveUpdates updates() {
    return new LiveUpdates(board, new CallHistory(Vitals.NONE), Vitals.NONE, workers);
  }

  private void progress(int done) {
    board.progressed("job", new Job.Progress(NOW.plusSeconds(done), done, 40, "", "", "2@b"));
  }

  private static List<Object> names(Optional<Map<String, Object>> update) {
    return update.orElseThrow().get("workers") instanceof List<?> all
        ? all.stream().<Object>map(each -> ((Map<?, ?>) each).get("name")).toList()
        : List.of();
  }

  @Test
  void onlyChangedWorkersAreSentAndANewReaderReceivesAll() {
    workers.members(List.of(A, B));
    assertThat(names(updates.next())).containsExactly("1@a", "2@b");
    assertThat(updates.next()).isEmpty();

    progress(1);
    assertThat(names(updates.next())).as("it renders now").containsExactly("2@b");
    progress(2);
    assertThat(names(updates.next())).isEmpty();
    assertThat(names(updates().next())).containsExactly("1@a", "2@b");
  }

  @Test
  void aWorkerThatIsNoLongerShownIsNamedOnce() {
    workers.members(List.of(A, B));
    assertThat(updates.next().orElseThrow()).containsEntry("workers_gone", List.of());
    workers.members(List.of(B));

    assertThat(updates.next().orElseThrow())
        .containsEntry("workers", List.of())
        .containsEntry("workers_gone", List.of("1@a"));
    assertThat(updates.next()).isEmpty();
    workers.members(List.of(A, B));
    assertThat(names(updates.next())).containsExactly("1@a");
  }

  @Test
  void onlyRequestsWithProgressAreSent() {
    progress(1);
    assertThat(updates.next().orElseThrow().get("jobs"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(1);
    workers.members(List.of(A));
    assertThat(updates.next().orElseThrow())
        .containsEntry("jobs", List.of())
        .containsEntry("order", List.of("job"));
  }
}
