package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CallSchedulerTest {
  private static final int CALLS = 1500;

  private final CallScheduler scheduler = new CallScheduler(Queueing.AGEING);

  /**
   * Returns the number of calls after which any contender of a level has been served, with any
   * other contenders.
   */
  private static long bound(int level, int places) {
    return (10 - level) * Queueing.AGEING / Queueing.QUICKEST + places;
  }

  @Property(tries = 150)
  void everySlotIsServedWithinTheStatedNumberOfCalls(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int lines,
      @ForAll @IntRange(min = 1, max = 24) int places) {
    Queueing queue = new Queueing(seed, lines, places);
    queue.comes(0, 0, 1, 8, Long.MAX_VALUE);
    for (int i = 0; i < CALLS; i++) {
      while (queue.waiting().size() < 8) {
        queue.addRandomly();
      }
      queue.admit();
      assertThat(queue.call()).isNotNull();
      for (Queueing.FakeLine line : queue.lines()) {
        for (Queueing.Fake member : line.members) {
          assertThat((long) member.passed).isLessThanOrEqualTo(bound(member.level, places));
        }
      }
    }
  }

  @Property(tries = 150)
  void aMemberThatWaitedLongEnoughIsAdmittedFirst(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int places) {
    Queueing queue = new Queueing(seed, 3, places);
    queue.comes(0, 0, 1, 8, Long.MAX_VALUE);
    for (int i = 0; i < CALLS; i++) {
      while (queue.waiting().size() < 8) {
        queue.addRandomly();
      }
      for (Queueing.Fake admitted : queue.admit()) {
        for (Queueing.Fake other : queue.waiting()) {
          long ahead = 1L + admitted.priority - other.priority;
          assertThat(other.came + ahead * Queueing.AGEING).isGreaterThan(admitted.came);
        }
      }
      queue.call();
    }
  }

  @Property
  void aCallIsFilledWithWholeImagesInOrderOfUrgency(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 24) int places) {
    Queueing queue = new Queueing(seed, 2, places);
    for (int i = 0; i < 30; i++) {
      queue.addRandomly();
      queue.admit();
      Queueing.Called called = queue.call();
      assertThat(called).isNotNull();
      int rows = called.served().stream().mapToInt(CallScheduler.Contender::rows).sum();
      assertThat(rows).isLessThanOrEqualTo(called.line().mostRows());
      assertThat(called.line().members)
          .filteredOn(member -> !called.served().contains(member))
          .allSatisfy(
              left -> assertThat(rows + left.rows()).isGreaterThan(called.line().mostRows()));
    }
  }

  @Property
  void modelsTakeTurns(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int lines) {
    Queueing queue = new Queueing(seed, lines, 64);
    for (int i = 0; i < lines; i++) {
      queue.comes(i, 5, 1 + i % 2, 100, Long.MAX_VALUE);
    }
    queue.admit();
    List<Queueing.FakeLine> turns = new ArrayList<>();
    for (int i = 0; i < lines * 20; i++) {
      Queueing.Called called = queue.call();
      assertThat(called).isNotNull();
      turns.add(called.line());
    }
    for (int i = 0; i + lines <= turns.size(); i++) {
      assertThat(turns.subList(i, i + lines)).doesNotHaveDuplicates();
    }
  }

  @Property
  void theChoiceDependsOnlyOnTheWaitingMembers(@ForAll long seed) {
    Queueing queue = new Queueing(seed, 4, 16);
    for (int i = 0; i < 20; i++) {
      queue.addRandomly();
      queue.admit();
      queue.call();
    }
    List<Queueing.FakeLine> lines = new ArrayList<>(queue.lines());
    Queueing.FakeLine chosen = scheduler.choose(lines, 1000);
    List<Queueing.Fake> order = chosen == null ? List.of() : List.copyOf(chosen.members);
    Random random = new Random(seed);
    Collections.shuffle(lines, random);
    lines.forEach(line -> Collections.shuffle(line.members, random));

    Queueing.FakeLine again = scheduler.choose(lines, 1000);

    // If two were called at the same time, either may be next.
    if (lines.stream().mapToLong(line -> line.last).distinct().count() == lines.size()) {
      assertThat(again).isSameAs(chosen);
      assertThat(chosen == null ? List.of() : chosen.members).isEqualTo(order);
    }
  }

  @Test
  void theMemberWithMoreWorkBeforeItsDeadlineIsServedFirst() {
    Queueing.FakeLine line = new Queueing.FakeLine(4, 10);
    Queueing.Fake none = fake(9, Long.MAX_VALUE, 0);
    Queueing.Fake near = fake(2, 100, 1);
    Queueing.Fake far = fake(9, 150, 2);
    line.add(none, near, far);

    scheduler.choose(List.of(line), 0);

    // 9 calls of 10 before 150 must begin at 60, 2 before 100 at 80.
    assertThat(line.members).containsExactly(far, near, none);
  }

  @Test
  void theSlowerModelIsCalledFirstForTheSameDeadline() {
    Queueing.FakeLine quick = new Queueing.FakeLine(4, 2);
    Queueing.FakeLine slow = new Queueing.FakeLine(4, 9);
    quick.add(fake(5, 100, 0));
    slow.add(fake(5, 100, 1));
    slow.last = 7;

    assertThat(scheduler.choose(List.of(quick, slow), 10)).isSameAs(slow);
  }

  @Test
  void theMemberWithMoreWorkBeforeItsDeadlineIsAdmittedFirst() {
    Queueing.Fake near = fake(2, 100, 0);
    Queueing.Fake far = fake(9, 150, 1);
    near.takes = 10;
    far.takes = 10;
    List<Queueing.Fake> waiting = new ArrayList<>(List.of(near, far));

    scheduler.order(waiting, 0);

    assertThat(waiting).containsExactly(far, near);
  }

  @Test
  void priorityTakesPrecedenceOverDeadlines() {
    Queueing.FakeLine line = new Queueing.FakeLine(4, 10);
    Queueing.Fake urgent = fake(9, 95, 0);
    Queueing.Fake important = fake(1, Long.MAX_VALUE, 1);
    important.level = 6;
    line.add(urgent, important);

    scheduler.choose(List.of(line), 0);

    assertThat(line.members).containsExactly(important, urgent);
  }

  @Test
  void levelsGainedByWaitingAreKeptUpToTheHighestPriority() {
    Queueing.Fake fake = fake(3, Long.MAX_VALUE, 0);
    assertThat(scheduler.kept(fake, 2 * Queueing.AGEING)).isEqualTo(7);
    assertThat(scheduler.kept(fake, 99 * Queueing.AGEING)).isEqualTo(9);
  }

  private static Queueing.Fake fake(int calls, long deadline, long order) {
    return new Queueing.Fake(0, 5, 1, calls, 0, order, deadline);
  }
}
