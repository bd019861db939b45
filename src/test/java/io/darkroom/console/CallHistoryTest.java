package io.darkroom.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CallHistoryTest {
  private long calls;
  private long rows;

  private final CallHistory history =
      new CallHistory(
          new Vitals() {
            @Override
            public List<Map<String, Object>> models() {
              return List.of();
            }

            @Override
            public OptionalLong calls() {
              return OptionalLong.of(calls);
            }

            @Override
            public long rows() {
              return rows;
            }

            @Override
            public Map<String, Double> backlogSeconds() {
              return Map.of();
            }
          });

  private void tick(long moreCalls, long moreRows) {
    calls += moreCalls;
    rows += moreRows;
    history.tick();
  }

  @Test
  void callsAndRowsOfEachSecondAreDifferences() {
    tick(100, 800); // before the console was opened
    tick(10, 60);
    tick(0, 0);
    tick(5, 40);

    assertThat(history.all()).containsExactly(List.of(10L, 60L), List.of(0L, 0L), List.of(5L, 40L));
  }

  @Test
  void fiveMinutesAreKept() {
    for (int second = 0; second <= 310; second++) {
      tick(second, second);
    }

    assertThat(history.all()).hasSize(300);
    assertThat(history.all().get(299)).isEqualTo(List.of(310L, 310L));
    assertThat(history.all().get(0)).isEqualTo(List.of(11L, 11L));
  }

  @Test
  void aConsoleWithoutAWorkerHasNoHistory() {
    CallHistory none = new CallHistory(Vitals.NONE);
    none.tick();
    none.tick();

    assertThat(none.all()).isEmpty();
  }
}
