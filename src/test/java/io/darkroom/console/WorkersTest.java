package io.darkroom.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.kafka.GroupMembers.Member;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");

  private final Workers workers = new Workers(Clock.fixed(NOW, ZoneOffset.UTC));

  private List<Object> shown() {
    return workers.tree(Map.of()).stream().map(each -> each.get("name")).toList();
  }

  @Test
  void aWorkerIsKnownByTheModelsOfItsResults() {
    workers.members(List.of(new Member("1@a", "10.0.0.1", 2), new Member("2@b", "10.0.0.2", 0)));
    Served exact = new Served("emoji-64", "exact", "x86_64 avx2", "cpu");
    workers.ended("1@a", NOW, List.of(exact));
    workers.ended("1@a", NOW, List.of());

    List<Map<String, Object>> tree = workers.tree(Map.of("1@a", 3));
    assertThat(tree.get(0))
        .containsEntry("name", "1@a")
        .containsEntry("host", "10.0.0.1")
        .containsEntry("partitions", 2)
        .containsEntry("running", 3)
        .containsEntry("results", 2)
        .containsEntry("models", List.of(exact.tree()));
    assertThat(tree.get(1))
        .as("an idle worker")
        .containsEntry("name", "2@b")
        .containsEntry("member", true)
        .containsEntry("running", 0)
        .containsEntry("models", List.of());
  }

  @Test
  void aWorkerThatLeftIsShownForTenMinutes() {
    workers.members(List.of());
    workers.seen("left", NOW.minusSeconds(500));
    workers.seen("long ago", NOW.minusSeconds(700));
    workers.seen("", NOW); // an event without the header

    assertThat(shown()).containsExactly("left");
    assertThat(workers.tree(Map.of()).get(0)).containsEntry("member", false);
  }

  @Test
  void theWorkerWithTheOldestEventIsForgottenFirst() {
    workers.seen("first", NOW);
    for (int i = 0; i < 999; i++) {
      workers.seen("worker-" + i, NOW);
    }
    workers.ended("first", NOW, List.of());
    assertThat(shown()).hasSize(1000);
    workers.seen("new", NOW);

    assertThat(shown()).hasSize(1000).contains("first", "new").doesNotContain("worker-0");
  }

  @Test
  void theModelsOfAWorkerAreLimitedAndStayUpToDate() {
    for (int i = 0; i < 33; i++) {
      workers.ended("1@a", NOW, List.of(new Served("m" + i, "exact", "x86_64", "cpu")));
    }
    Served other = new Served("m7", "same-device", "x86_64", "cpu");
    workers.ended("1@a", NOW, List.of(other));

    assertThat(workers.tree(Map.of()).get(0).get("models"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(32)
        .contains(other.tree());
  }

  @Test
  void membersAreUnknownIfTheBrokerDoesNotListThem() {
    assertThat(workers.knowsMembers()).isFalse();
    workers.members(List.of(new Member("1@a", "", 1)));
    assertThat(workers.knowsMembers()).isTrue();
    workers.membersUnknown();

    assertThat(workers.knowsMembers()).isFalse();
    assertThat(shown()).isEmpty();
  }
}
